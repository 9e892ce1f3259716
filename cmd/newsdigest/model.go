package main

import (
	"context"
	"fmt"
	"time"

	"newsdigest/digest/summary/llm"
)

// modelProblems says what is wrong with the settings of the model.
func (c config) modelProblems() []string {
	var out []string
	if c.ModelURL == "" {
		for _, s := range []struct{ name, value string }{{"NEWSDIGEST_MODEL_NAME", c.ModelName}, {"NEWSDIGEST_MODEL_KEY", c.ModelKey}} {
			if s.value != "" {
				out = append(out, s.name+": is of no use without NEWSDIGEST_MODEL_URL; set that, too, or take it out")
			}
		}
		return out
	}
	if c.ModelName == "" {
		out = append(out, "NEWSDIGEST_MODEL_NAME: has to name a model of the server at NEWSDIGEST_MODEL_URL")
	} else if _, err := c.model(); err != nil {
		out = append(out, "NEWSDIGEST_MODEL_URL: not an address; write for example http://localhost:11434/v1")
	}
	if c.ModelBudget < time.Second || c.ModelBudget > 10*time.Minute {
		out = append(out, "NEWSDIGEST_MODEL_BUDGET: has to be from 1s to 10m")
	}
	return out
}

// model is the language model that the configuration names, nil if it names none.
func (c config) model() (*llm.Model, error) {
	if c.ModelURL == "" {
		return nil, nil
	}
	return llm.New(llm.Options{URL: c.ModelURL, Name: c.ModelName, Key: c.ModelKey, Budget: c.ModelBudget})
}

// checkModel asks the model for a word, if one is configured.
func (p *program) checkModel(ctx context.Context, cfg config) error {
	m, err := cfg.model()
	if m == nil || err != nil {
		return err
	}
	if err := m.Ping(ctx); err != nil {
		fmt.Fprintf(p.out, "model      %v\n", err)
		return &exitError{code: exitConfig}
	}
	fmt.Fprintf(p.out, "model      ok, %s answers\n", cfg.ModelName)
	return nil
}
