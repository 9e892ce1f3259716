package postgres

import "time"

// SetAnswerWithin makes tests of servers that hang short.
func (e *Engine) SetAnswerWithin(d time.Duration) { e.times.answer = d }

// SetPatience makes tests of servers that are gone short.
func (e *Engine) SetPatience(call, ask time.Duration) { e.times.call, e.times.ask = call, ask }
