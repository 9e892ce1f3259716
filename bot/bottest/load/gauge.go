package main

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime/debug"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// report is the table that is printed, row by row.
type report struct {
	out   io.Writer
	floor float64 // feeds a second of the last floor
	rows  int
}

// time runs a sweep and prints what it took; answered is asked then how many feeds did.
func (r *report) time(what string, sweep func(*progress) error, answered func() (int, error)) error {
	debug.FreeOSMemory()
	peak := watchMemory()
	cpu, start := cpuTime(), time.Now()
	p := &progress{start: start}
	err := sweep(p)
	wall, cpu := time.Since(start), cpuTime()-cpu
	m := peak()
	if err != nil {
		return err
	}
	good, err := answered()
	if err != nil {
		return err
	}
	r.row(what, good, wall, cpu, p, m)
	return nil
}

// progress notes when nine tenths of a sweep were done: the last feeds may be those that
// hang.
type progress struct {
	start time.Time
	mu    sync.Mutex
	after time.Duration // 0 while they are not done
}

// done is told how many feeds are done, of how many.
func (p *progress) done(n, of int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.after == 0 && n*10 >= of*9 {
		p.after = time.Since(p.start)
	}
}

func (r *report) row(what string, good int, wall, cpu time.Duration, p *progress, m memory) {
	if r.rows++; r.rows == 1 {
		fmt.Fprintln(r.out, "| what | answered | s | 9/10 after s | feeds/s | of the floor | ms CPU a feed | RssAnon MB | mapped MB |")
		fmt.Fprintln(r.out, "|---|---|---|---|---|---|---|---|---|")
	}
	rate := float64(good) / wall.Seconds()
	of := "–"
	if strings.HasPrefix(what, "floor") {
		r.floor = rate
	} else if r.floor > 0 {
		of = fmt.Sprintf("%.2f", rate/r.floor)
	}
	fmt.Fprintf(r.out, "| %s | %d | %.1f | %.1f | %.0f | %s | %.3f | %d | %d |\n",
		what, good, wall.Seconds(), p.after.Seconds(), rate, of, cpu.Seconds()*1000/float64(max(good, 1)), m.anon, m.file)
}

// cpuTime is what this process has used of all cores.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// memory is in megabytes: what is the process's own, and what it shows of files.
type memory struct{ anon, file int }

// watchMemory looks at the process's memory until it is asked for the most there was.
func watchMemory() (peak func() memory) {
	stop, done := make(chan struct{}), make(chan memory)
	go func() {
		var most memory
		for {
			now := memoryNow()
			most = memory{max(most.anon, now.anon), max(most.file, now.file)}
			select {
			case <-stop:
				done <- most
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	}()
	return func() memory { close(stop); return <-done }
}

var rss = regexp.MustCompile(`Rss(Anon|File):\s+(\d+)`)

func memoryNow() (m memory) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return m // not Linux
	}
	for _, line := range rss.FindAllSubmatch(status, -1) {
		kb, _ := strconv.Atoi(string(line[2]))
		if string(line[1]) == "Anon" {
			m.anon = kb >> 10
		} else {
			m.file = kb >> 10
		}
	}
	return m
}

// profiled writes a CPU profile of a sweep, to FILE.what.
func profiled(file, what string, sweep func() error) error {
	if file == "" {
		return sweep()
	}
	f, err := os.Create(file + "." + strings.ReplaceAll(what, " ", "-"))
	if err != nil {
		return err
	}
	defer f.Close()
	if err := pprof.StartCPUProfile(f); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return sweep()
}
