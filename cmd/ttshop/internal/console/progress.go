package console

import (
	"fmt"
	"strconv"
	"sync"
	"time"
)

// When people are told that work goes on: on a terminal by a line that
// rewrites itself, and otherwise by a line now and then.
const (
	progressAfter  = time.Second
	progressRedraw = 200 * time.Millisecond
	progressEvery  = 10 * time.Second
)

// Progress tells on standard error how far long work has come.
type Progress struct {
	sys   *System
	text  string
	start time.Time
	quit  chan struct{}
	ended sync.WaitGroup

	mu     sync.Mutex
	wait   string // what is waited for; empty: the work goes on
	done   int
	total  int
	shown  bool      // there is a line to take away
	spoken time.Time // of the last plain line
}

// NewProgress starts to measure work, such as "fetching orders".
func NewProgress(sys *System, text string) *Progress {
	now := time.Now()
	p := &Progress{sys: sys, text: text, start: now, spoken: now, quit: make(chan struct{})}
	if sys.Terminal.Live {
		p.ended.Go(p.redraw)
	}
	return p
}

// Set tells how many items are done, of how many; 0 where nobody knows.
func (p *Progress) Set(done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done, p.total = done, total
	if now := time.Now(); !p.sys.Terminal.Live && now.Sub(p.spoken) >= progressEvery {
		p.spoken = now
		fmt.Fprintf(p.sys.Err, "ttshop: %s\n", p.line(now))
	}
}

// Say tells what is being done now.
func (p *Progress) Say(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.text = text
	if now := time.Now(); !p.sys.Terminal.Live && now.Sub(p.spoken) >= progressEvery {
		p.spoken = now
		fmt.Fprintf(p.sys.Err, "ttshop: %s\n", p.line(now))
	}
}

// Wait tells what the work waits for, such as "throttled, try 2 of 5"; an empty
// reason means that it goes on.
func (p *Progress) Wait(reason string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.wait = reason; reason == "" || p.sys.Terminal.Live {
		return
	}
	if now := time.Now(); now.Sub(p.start) >= progressAfter {
		p.spoken = now
		fmt.Fprintf(p.sys.Err, "ttshop: %s\n", p.line(now))
	}
}

// Stop ends the work and takes the line away.
func (p *Progress) Stop() {
	close(p.quit)
	p.ended.Wait()
	if p.shown {
		fmt.Fprint(p.sys.Err, rewind)
	}
}

func (p *Progress) redraw() {
	ticker := time.NewTicker(progressRedraw)
	defer ticker.Stop()
	for {
		select {
		case <-p.quit:
			return
		case now := <-ticker.C:
			if now.Sub(p.start) < progressAfter {
				continue
			}
			p.mu.Lock()
			p.shown = true
			fmt.Fprintf(p.sys.Err, rewind+"%s", Shorten(p.line(now), p.sys.Columns()-1))
			p.mu.Unlock()
		}
	}
}

// line returns the state of the work: fetching orders: 400 of 1234, 12 s.
func (p *Progress) line(now time.Time) string {
	text := p.text
	switch {
	case p.wait != "" && p.done > 0:
		text = p.wait + "; " + text
	case p.wait != "":
		text = p.wait
	}
	if p.done > 0 {
		text += ": " + strconv.Itoa(p.done)
		if p.total >= p.done {
			text += " of " + strconv.Itoa(p.total)
		}
	}
	return fmt.Sprintf("%s, %.0f s", text, now.Sub(p.start).Seconds())
}
