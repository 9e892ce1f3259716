package main

import (
	"os"
	"path/filepath"
	"sync"
	"time"

	"newsdigest/bot/desk"
	"newsdigest/store/postgres"
)

// backups is how writing them goes.
type backups struct {
	mu      sync.Mutex
	problem string
	last    time.Time
}

// ended notes how an attempt ended.
func (b *backups) ended(err error, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.problem = ""; err != nil {
		b.problem = err.Error()
		return
	}
	b.last = now
}

// storage is what the machine has for the store.
func (h *house) storage() desk.Storage {
	s := desk.Storage{Backups: h.cfg.Backups != ""}
	if !postgres.IsAddress(h.cfg.Store) {
		if info, err := os.Stat(h.cfg.Store); err == nil {
			s.Bytes = info.Size()
		}
		s.Free, s.Disk = room(filepath.Dir(h.cfg.Store))
	}
	h.backups.mu.Lock()
	s.LastBackup, s.BackupProblem = h.backups.last, h.backups.problem
	h.backups.mu.Unlock()
	if s.LastBackup.IsZero() && s.Backups {
		s.LastBackup = newestBackup(h.cfg.Backups)
	}
	return s
}

// processName tells processes apart that share a store in a database: by their machine.
func processName(store string) string {
	if !postgres.IsAddress(store) {
		return ""
	}
	name, err := os.Hostname()
	if err != nil {
		return "unknown"
	}
	return name
}
