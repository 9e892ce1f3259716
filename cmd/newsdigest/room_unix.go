//go:build linux || darwin

package main

import "syscall"

// room is how many bytes the disk of a folder has free for us, and how many it has at all;
// zero if that cannot be told.
func room(folder string) (free, disk int64) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return 0, 0
	}
	return int64(s.Bavail) * int64(s.Bsize), int64(s.Blocks) * int64(s.Bsize)
}
