package language

import (
	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/porter"
)

// Porter is the stem of an English word in lower case by Porter's first algorithm of
// 1980, which scores of summaries are counted with. Terms uses its successor.
func Porter(word string) string {
	env := snowballstem.NewEnv(word)
	porter.Stem(env)
	return env.Current()
}
