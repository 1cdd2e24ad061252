package inbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ttshop-go/ttshop/webhook"
)

// outcome is what became of an item that was handed out.
type outcome uint8

const (
	done  outcome = iota // and forgotten
	later                // it has to be tried again, see item.Due
	back                 // the end of the consumer came first
)

// try hands an item out once and stores how it went.
func (c *consumer) try(i *item) outcome {
	if i.spent(c.options.Tries) {
		// Each of its tries ended with the process, and one more would end this
		// one; or the dead letter could not be written before.
		return c.bury(i)
	}
	if i.event == nil {
		switch s, err := c.inbox.Event(c.calls, i.sequence); {
		case errors.Is(err, ErrNotFound):
			c.inbox.settings.log().Error("webhook inbox: an event that was put aside is gone", "consumer", c.name, "sequence", i.sequence)
			return c.finishItem(i)
		case err != nil:
			return c.notNow(i, "webhook inbox: reading an event that was put aside", err)
		default:
			i.event = s.Event
		}
	}
	tries := i.Tries + 1
	if err := i.shelf.begin(c.calls, i.sequence, tries); err != nil {
		i.shelf.takeBack(i.sequence, i.Tries)
		if errors.Is(err, errFenced) {
			c.lost()
		}
		return c.notNow(i, "webhook inbox: recording a try", err)
	}
	log := c.inbox.settings.log().With("consumer", c.name, "type", i.event.Type.String(), "key", i.event.Meta.Key, "try", tries)
	err := c.call(i, tries)
	if panicked, ok := errors.AsType[*webhook.PanicError](err); ok {
		log = log.With("stack", string(panicked.Stack))
	}
	if err == nil {
		return c.finishItem(i)
	}
	if c.calls.Err() != nil {
		i.shelf.takeBack(i.sequence, i.Tries) // the function was cut off by the end of the consumer
		return c.giveBack(i)
	}
	i.Tries, i.Error, i.cut = tries, headerText(err.Error()), false
	if i.spent(c.options.Tries) {
		log.Error("webhook event becomes a dead letter", "error", err)
		return c.bury(i)
	}
	wait := c.options.Backoff(tries)
	log.Warn("webhook event failed", "error", err, "wait", wait)
	i.Due = time.Now().Add(wait)
	c.putAside(i)
	return later
}

// call runs the function once.
func (c *consumer) call(i *item, tries int) error {
	ctx, cancel := context.WithTimeout(c.calls, c.options.Timeout)
	defer cancel()
	e := *i.event // a function that goes on after its time keeps its own
	e.Meta.Attempt = tries
	result := make(chan error, 1)
	go func() {
		err := errors.New("the function ended its goroutine")
		defer func() { result <- err }()
		err = c.f(ctx, &e)
	}()
	var given <-chan time.Time
	if !c.options.Ordered {
		timer := time.NewTimer(c.options.Timeout + abandonAfter)
		defer timer.Stop()
		given = timer.C
	}
	select {
	case err := <-result:
		return err
	case <-given:
		return fmt.Errorf("the function goes on %s after its time", abandonAfter)
	}
}

// putAside stores an item and removes it from the server and from memory, except
// for its place. If that fails, it stays as it is and is stored the next time.
func (c *consumer) putAside(i *item) {
	revision, err := c.inbox.writeWork(c.calls, fmt.Sprintf("%s%d", c.inbox.waitPrefix(c.name, i.shelf.number), i.sequence), i.waiting, i.stored)
	if err != nil {
		if errors.Is(err, errFenced) {
			c.lost()
		}
		c.inbox.settings.log().Warn("webhook inbox: putting an event aside", "consumer", c.name, "error", err)
		return
	}
	i.stored = revision
	i.shelf.end(i.sequence)
	if i.reply != "" {
		c.answer(i.reply, ackDone)
	}
	i.reply, i.event = "", nil
}

// finishItem forgets an item.
func (c *consumer) finishItem(i *item) outcome {
	if i.stored > 0 {
		if err := c.inbox.removeWork(c.calls, i.stored); err != nil {
			c.inbox.settings.log().Warn("webhook inbox: an event that is done comes again", "consumer", c.name, "error", err)
		}
	}
	i.shelf.end(i.sequence)
	if i.reply != "" {
		c.answer(i.reply, ackDone)
	}
	return done
}

// giveBack lets the server hand an item out again, at once.
func (c *consumer) giveBack(i *item) outcome {
	if i.reply != "" {
		c.answer(i.reply, ackBack)
	}
	return back
}

// notNow puts an item off because the inbox does not work.
func (c *consumer) notNow(i *item, what string, err error) outcome {
	if c.calls.Err() != nil {
		return c.giveBack(i)
	}
	c.inbox.settings.log().Warn(what, "consumer", c.name, "sequence", i.sequence, "error", err)
	i.Due = time.Now().Add(time.Second)
	return later
}

// bury makes an item a dead letter.
func (c *consumer) bury(i *item) outcome {
	cause := i.Error
	if i.cut || cause == "" {
		cause = "the tries ended without a result"
	}
	ctx, cancel := context.WithTimeout(c.calls, 10*time.Second)
	defer cancel()
	if i.event == nil {
		s, err := c.inbox.Event(ctx, i.sequence)
		if errors.Is(err, ErrNotFound) {
			return c.finishItem(i)
		}
		if err != nil {
			return c.notNow(i, "webhook inbox: reading an event that was put aside", err)
		}
		i.event = s.Event
	}
	if err := c.inbox.bury(ctx, c.name, i, cause); err != nil {
		c.inbox.settings.log().Error("webhook inbox: writing a dead letter", "consumer", c.name, "key", i.event.Meta.Key, "error", err)
		i.Due = time.Now().Add(10 * time.Second)
		return later
	}
	return c.finishItem(i)
}
