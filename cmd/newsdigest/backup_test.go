package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Of hourly backups the last day is kept, then one a day for a week.
func TestOutdatedBackups(t *testing.T) {
	start := time.Date(2026, 3, 1, 0, 30, 0, 0, time.UTC)
	var kept []time.Time // newest first
	for h := range 30 * 24 {
		kept = append([]time.Time{start.Add(time.Duration(h) * time.Hour)}, kept...)
		gone := map[time.Time]bool{}
		for _, b := range outdated(kept) {
			gone[b] = true
		}
		var left []time.Time
		for _, b := range kept {
			if !gone[b] {
				left = append(left, b)
			}
		}
		kept = left
	}
	if len(kept) != backupHours+backupDays {
		t.Fatalf("%d are kept: %v", len(kept), kept)
	}
	for i := 1; i < backupHours; i++ {
		if kept[i-1].Sub(kept[i]) != time.Hour {
			t.Errorf("%v and %v are kept among the last", kept[i-1], kept[i])
		}
	}
	for i := backupHours + 1; i < len(kept); i++ {
		if kept[i-1].Sub(kept[i]) != 24*time.Hour {
			t.Errorf("%v and %v are kept of the days before", kept[i-1], kept[i])
		}
	}
}

// What a folder of backups has besides is left alone.
func TestBackupsIn(t *testing.T) {
	dir := t.TempDir()
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	for _, name := range []string{backupName(at), backupName(at.Add(time.Hour)), "newsdigest-old.db", "x", backupName(at) + ".new-1"} {
		touch(t, filepath.Join(dir, name))
	}
	got := backupsIn(dir)
	if len(got) != 2 || !got[0].Equal(at.Add(time.Hour)) || !newestBackup(dir).Equal(got[0]) {
		t.Errorf("%v", got)
	}
	if !newestBackup(filepath.Join(dir, "none")).IsZero() {
		t.Error("a missing folder has a backup")
	}
}

// What a backup left behind that was cut off is removed, once nobody can be writing it.
func TestRemoveCut(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	for name, age := range map[string]time.Duration{
		backupName(now) + ".new-1": 0, backupName(now) + ".new-2": 2 * backupEvery, backupName(now): 2 * backupEvery, "mine.db.new-3": 2 * backupEvery,
	} {
		touch(t, filepath.Join(dir, name))
		if err := os.Chtimes(filepath.Join(dir, name), now, now.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	if err := removeCut(dir, now); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 3 || left[1].Name() == backupName(now)+".new-2" || left[2].Name() == backupName(now)+".new-2" {
		t.Errorf("%v, %v", left, err)
	}
}

// FuzzBackupName: a name counts as a backup's only if it is the one of its time.
func FuzzBackupName(f *testing.F) {
	for _, name := range []string{"newsdigest-20260301T100000Z.db", "newsdigest-20260301T100000Z.db.new-1", "newsdigest-20260230T100000Z.db",
		"newsdigest-20260301T100000.5Z.db", "newsdigest-.db", "newsdigest-99999999T999999Z.db", "newsdigest-20260301T100000Z", "x"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		at, ok := backupTime(name)
		if ok && (backupName(at) != name || at.Location() != time.UTC) {
			t.Errorf("%q is of %v", name, at)
		}
		if at = at.UTC(); at.Year() >= 0 && at.Year() <= 9999 {
			if again, ok := backupTime(backupName(at)); !ok || !again.Equal(at.Truncate(time.Second)) {
				t.Errorf("%q is read as %v, want %v", backupName(at), again, at)
			}
		}
	})
}

func touch(t *testing.T, name string) {
	t.Helper()
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
}
