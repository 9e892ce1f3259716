package digest

import (
	"testing"
	"time"
)

func TestSkip(t *testing.T) {
	at := time.Date(2026, 3, 7, 22, 40, 0, 0, time.UTC) // a Saturday
	const night = 1<<22 | 1<<23 | 1<<0 | 1<<1
	tests := []struct {
		name string
		skip Skip
		want time.Time
	}{
		{"never", Skip{}, at},
		{"other hours", Skip{Hours: 1 << 3}, at},
		{"at night", Skip{Hours: night}, at.Add(200 * time.Minute)},
		{"on other days", Skip{Days: 1 << time.Monday}, at},
		{"on Saturdays", Skip{Days: 1 << time.Saturday}, at.Add(80 * time.Minute)},
		{"on Saturdays and in the first hours", Skip{Hours: night, Days: 1 << time.Saturday}, at.Add(200 * time.Minute)},
		{"on weekends", Skip{Days: 1<<time.Saturday | 1<<time.Sunday}, at.Add(24 * time.Hour)},
		{"always", Skip{Hours: 1<<24 - 1}, at.Add(24 * time.Hour)},
	}
	for _, tt := range tests {
		for _, zone := range []*time.Location{time.UTC, time.FixedZone("X", 5*3600)} {
			if got := tt.skip.After(at.In(zone)); !got.Equal(tt.want) {
				t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
			}
		}
	}
}

// TestRedirected: a feed moves when three polls in a row say so, to one address.
func TestRedirected(t *testing.T) {
	for _, tt := range []struct {
		polls []string
		want  string
	}{
		{[]string{"b", "b"}, "a"},
		{[]string{"b", "b", "b"}, "b"},
		{[]string{"b", "b", "", "b", "b"}, "a"},
		{[]string{"b", "b", "c", "c"}, "a"},
		{[]string{"b", "b", "c", "c", "c", "d", "d"}, "c"},
	} {
		s := Source{ID: "id", URL: "a"}
		for _, to := range tt.polls {
			s.Redirected(to)
		}
		if s.URL != tt.want || s.ID != "id" {
			t.Errorf("%q: %+v, want %s", tt.polls, s, tt.want)
		}
	}
}
