package inbox

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// addShelf takes in a shelf whose lease this process has.
func (c *consumer) addShelf(ctx context.Context, number int, release func()) error {
	s, items, err := c.inbox.openShelf(ctx, c.name, number)
	if err != nil {
		return err
	}
	s.release = release
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shelves[number] = s
	for _, i := range items {
		if i.cut {
			i.Due = time.Now().Add(c.options.Backoff(i.Tries))
		}
		c.aside[i.sequence] = i
		c.sortIn(i)
	}
	c.schedule()
	return nil
}

// adopt takes in the shelves of processes that are gone.
func (c *consumer) adopt(ctx context.Context) {
	log := c.inbox.settings.log()
	numbers, err := c.inbox.shelves(ctx, c.name)
	if err != nil {
		if ctx.Err() == nil {
			log.Warn("webhook inbox: looking for events that others put aside", "consumer", c.name, "error", err)
		}
		return
	}
	for _, number := range numbers {
		c.mu.Lock()
		mine := c.shelves[number] != nil
		c.mu.Unlock()
		if mine || c.leaser.of(number).take(ctx) != nil {
			continue
		}
		release := c.leaser.of(number).hold(ctx, c.lost)
		if err := c.addShelf(ctx, number, release); err != nil {
			release()
			if ctx.Err() == nil {
				log.Warn("webhook inbox: taking over events that another process put aside", "consumer", c.name, "error", err)
			}
		}
	}
}

func (c *consumer) adoptAgain(ctx context.Context) {
	for pause(ctx, c.leaser.time/3) {
		c.adopt(ctx)
	}
}

// closeShelves gives the shelves back.
func (c *consumer) closeShelves(ctx context.Context) error {
	c.mu.Lock()
	full := map[*shelf]bool{}
	for _, i := range c.aside {
		full[i.shelf] = true
	}
	shelves := c.shelves
	c.mu.Unlock()
	var errs []error
	for _, s := range shelves {
		errs = append(errs, s.close(ctx, !full[s]))
	}
	return errors.Join(errs...)
}

// foreign is what the shelves of other processes say, for some moments.
type foreign struct {
	read    time.Time
	shelves map[int]running
}

// begunHere returns how many tries of an event have begun on the shelves that
// this process has.
func (c *consumer) begunHere(sequence uint64) (tries int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.shelves {
		tries = max(tries, s.begun(sequence))
	}
	return tries
}

// history returns how many tries of an event that comes again have begun on the
// shelves of other processes, and whether one of these has put it aside.
func (c *consumer) history(sequence uint64) (tries int, aside bool, err error) {
	ctx, cancel := context.WithTimeout(c.calls, 5*time.Second)
	defer cancel()
	if time.Since(c.foreign.read) > 500*time.Millisecond {
		if err := c.readForeign(ctx); err != nil {
			return 0, false, err
		}
	}
	for number, r := range c.foreign.shelves {
		tries = max(tries, r[sequence])
		switch _, err := c.inbox.lastWork(ctx, fmt.Sprintf("%s%d", c.inbox.waitPrefix(c.name, number), sequence)); {
		case err == nil:
			return tries, true, nil
		case !errors.Is(err, ErrNotFound):
			return 0, false, err
		}
	}
	return tries, false, nil
}

func (c *consumer) readForeign(ctx context.Context) error {
	read := time.Now()
	numbers, err := c.inbox.shelves(ctx, c.name)
	if err != nil {
		return err
	}
	shelves := map[int]running{}
	for _, number := range numbers {
		c.mu.Lock()
		mine := c.shelves[number] != nil
		c.mu.Unlock()
		if mine {
			continue
		}
		if shelves[number], _, err = c.inbox.readRunning(ctx, c.name, number); err != nil {
			return err
		}
	}
	c.foreign = foreign{read, shelves}
	return nil
}

// makeRoom puts events aside whose turn is far off: those behind a failing one of
// their object, and those of an object that takes up a quarter of
// the room. It reports false if there are none.
func (c *consumer) makeRoom() bool {
	const atOnce = 16
	c.mu.Lock()
	if !c.crowded {
		c.mu.Unlock()
		return false
	}
	c.crowded = false
	var move []*item
	for _, l := range c.lanes {
		keep := c.options.Buffer / 4
		if l.state == blocked {
			keep = 0
		}
		for at, i := range l.items {
			if at >= keep && i.reply != "" && !i.moving && len(move) < c.options.Buffer/2+1 {
				i.moving = true
				move = append(move, i)
			}
		}
	}
	c.crowded = len(move) > c.options.Buffer/2 // there may be more
	c.mu.Unlock()
	work := make(chan *item)
	var wg sync.WaitGroup
	for range min(atOnce, len(move)) {
		wg.Go(func() {
			for i := range work {
				c.putAside(i)
				c.mu.Lock()
				c.moved(i)
				c.mu.Unlock()
			}
		})
	}
	for _, i := range move {
		work <- i
	}
	close(work)
	wg.Wait()
	return len(move) > 0
}

// moved takes note of an item that was put aside, if it could be. The caller
// holds mu.
func (c *consumer) moved(i *item) {
	i.moving = false
	if i.stored > 0 {
		delete(c.held, i.sequence)
		c.aside[i.sequence] = i
	}
	if l := c.lanes[i.Lane]; l != nil && l.state == halted && len(l.items) > 0 && !l.items[0].moving {
		c.enqueue(l, 0)
		c.schedule()
	}
}

// expire makes the server hand out again, at once and before anything newer, what
// was taken by processes that are gone. Nobody may consume meanwhile.
func (b *Inbox) expire(ctx context.Context, consumers ...string) error {
	const (
		soon  = time.Millisecond
		check = 300 * time.Millisecond // the server looks after 100 ms
	)
	restore := map[string]jetstream.ConsumerConfig{}
	var errs []error
	for _, name := range consumers {
		from, err := b.events.Consumer(ctx, name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		info := from.CachedInfo()
		if info.NumAckPending == 0 {
			continue
		}
		config := info.Config
		restore[name] = config
		config.AckWait = soon
		if _, err := b.events.UpdateConsumer(ctx, config); err != nil {
			errs = append(errs, err)
		}
	}
	if len(restore) > 0 {
		pause(ctx, check)
	}
	for _, config := range restore {
		if _, err := b.events.UpdateConsumer(ctx, config); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
