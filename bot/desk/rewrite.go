package desk

import (
	"context"
	"errors"
	"slices"
	"time"

	"newsdigest/digest"
	"newsdigest/digest/summary/llm"
	"newsdigest/store"
)

// rewriteRetry is when a model that did not answer is asked again, as long as its breaker
// lets it.
const rewriteRetry = 10 * time.Second

// Rewrite lets the model reword one story: of those that have no wording of their present
// articles the one that matters most now. A digest never waits for it: what is ready when
// it is composed is used.
func (d *Desk) Rewrite(ctx context.Context, now time.Time) (time.Time, error) {
	own, ours := d.grouping()
	if !ours {
		return now.Add(idleLook), nil // another process asks its model
	}
	if err := d.opened(ctx, now); err != nil {
		return now, err
	}
	if wait := d.model.Wait(); wait > 0 {
		return now.Add(wait), nil
	}
	s, ok := d.unworded(now)
	if !ok {
		return now.Add(idleLook), nil
	}
	return d.reword(ctx, own, s, now)
}

// unworded is the story that the model should reword next.
func (d *Desk) unworded(now time.Time) (digest.Story, bool) {
	stories := slices.DeleteFunc(d.live(now.Add(-eligible)), func(s digest.Story) bool {
		refused, _ := d.refused.Load(s.ID)
		return s.Reworded() || refused == s.Telling()
	})
	if len(stories) == 0 {
		return digest.Story{}, false
	}
	return digest.Rank(stories, digest.Chat{AllTopics: true}, now)[0].Story, true
}

// reword asks the model for one story and keeps what may be used. Words that may not be
// used are not asked for again until the story has other articles.
func (d *Desk) reword(ctx context.Context, own *store.Store, s digest.Story, now time.Time) (time.Time, error) {
	docs, err := d.documents(ctx, newestOf(s.Members, summarized))
	if err != nil {
		return now, err
	}
	r, err := d.model.Rewrite(ctx, docs)
	r.Of = s.Telling()
	var refused *llm.Refusal
	switch {
	case ctx.Err() != nil:
		return now, ctx.Err()
	case errors.As(err, &refused) || errors.Is(err, llm.ErrNothing):
		d.refused.Store(s.ID, r.Of)
		d.log.Debug("a story keeps its built-in summary", "story", s.ID, "reason", err)
		return now, nil
	case err != nil:
		d.log.Warn("a story was not reworded", "error", err)
		return now.Add(rewriteRetry), nil
	}
	worded, err := own.SaveRewrite(ctx, s.ID, r)
	if err != nil {
		return now, err
	}
	d.room.reword(worded)
	d.rouseReaders()
	return now, nil
}

// reword notes a story with its rewrite, as it was stored.
func (r *newsroom) reword(s digest.Story) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if old, ok := r.stories[s.ID]; ok && old.Rev < s.Rev {
		r.stories[s.ID] = s
		r.version++
	}
	r.wrote(s.Rev, 1)
}
