// Command train learns the tables of the summarizer from data sets of articles with
// reference summaries (JSON Lines: id, title, text, lang, k, documents, reference or
// references). README.md beside it says how and on what.
package main

import (
	"flag"
	"fmt"
	"os"

	"newsdigest/digest/summary"
)

type options struct {
	rarity, salience, model string // files to write
	cv                      bool
	sentences, terms        settings
}

// presets are the settings that the tables in the repository were learned with.
var presets = options{
	sentences: settings{trees: 400, depth: summary.TreeDepth, rate: 0.1, smooth: 40, least: 12, features: 0.5, stories: 1},
	terms:     settings{trees: 60, depth: summary.TreeDepth, rate: 0.15, smooth: 20, least: 20, features: 0.5, stories: 0.5},
}

func main() {
	o := presets
	flag.StringVar(&o.rarity, "rarity", "", "write how rare terms are to this file")
	flag.StringVar(&o.salience, "salience", "", "write how likely summaries have a term to this file")
	flag.StringVar(&o.model, "model", "", "write how much sentences are worth to this file")
	flag.BoolVar(&o.cv, "cv", false, "print cross-validated scores: all tables learned without the stories judged")
	flag.Parse()
	if err := run(o, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(o options, paths []string) error {
	var all []*example
	var others []record
	for _, path := range paths {
		list, err := load(path)
		if err != nil {
			return err
		}
		for _, r := range list {
			if !r.judged() {
				others = append(others, r)
			} else if e := newExample(r, importance(r.set)*setWeight/float64(len(list))); e != nil {
				all = append(all, e)
			}
		}
	}
	if o.cv {
		if err := validate(all, others, o, os.Stdout); err != nil {
			return err
		}
	}
	if o.rarity+o.salience+o.model == "" {
		return nil
	}
	t, err := learn(all, others, o)
	if err != nil {
		return err
	}
	return t.write(o)
}

// setWeight is what the stories of a set of importance 1 weigh together.
const setWeight = 400

// write writes the tables that files are named for.
func (t tables) write(o options) error {
	if o.rarity != "" {
		if err := t.rarity.write(o.rarity); err != nil {
			return err
		}
	}
	for _, table := range []struct{ path, text string }{{o.salience, t.salience}, {o.model, t.model}} {
		if table.path == "" {
			continue
		}
		if err := os.WriteFile(table.path, []byte(table.text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
