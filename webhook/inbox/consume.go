package inbox

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// ConsumeOptions configure a consumer. The zero value is a good start.
type ConsumeOptions struct {
	// Types are the events of interest; nil means all. Others are done at once.
	Types []event.Type
	// Ordered hands out the events of one object of one account (see
	// webhook.Event.Object) one at a time, those that have arrived in the order
	// of their own time. One that fails holds up the later ones of its object,
	// and no others, until it succeeds or becomes a dead letter. Of several
	// processes, one works and the others stand by.
	Ordered bool
	// Workers is how many events are worked on at a time; 0 means 8. If there is
	// more than one, a quarter of them, and at least one, is kept free of events
	// that failed before.
	Workers int
	// Tries is how often the function is called for an event before it becomes a
	// dead letter; 0 means 8. A try counts from the moment the function starts,
	// even if its process then ends. An event that also had tries with a result
	// gets its full number of results, in at most twice as many tries. A try that
	// is interrupted by the consumer's end does not count, nor does an event that
	// was taken from the server but not begun.
	Tries int
	// Backoff returns the wait after a failed try, 1 for the first. Nil means
	// 1 s that doubles with each try, up to 10 min.
	Backoff func(try int) time.Duration
	// Timeout bounds one try, by ending the function's context; 0 means a minute.
	// A function that ignores its context has failed all the same, and goes on
	// beside the next try; with Ordered it is waited for.
	Timeout time.Duration
	// Buffer is how many events are taken from the server ahead; 0 means 256,
	// with Ordered 4096. Events that wait for their next try are not among them.
	Buffer int
	// Redeliver is how long after the end of a process its unfinished events are
	// handed out again; 0 means 30 s, with Ordered 10 s. It is also how long
	// others wait before they take over what it had put aside for a later try
	// and, with Ordered, its place.
	Redeliver time.Duration
}

func (o ConsumeOptions) withDefaults() ConsumeOptions {
	set := func(v *int, n int) {
		if *v <= 0 {
			*v = n
		}
	}
	set(&o.Workers, 8)
	set(&o.Tries, 8)
	if o.Ordered {
		set(&o.Buffer, 4096)
	}
	set(&o.Buffer, 256)
	if o.Backoff == nil {
		o.Backoff = func(try int) time.Duration { return min(time.Second<<min(try-1, 20), 10*time.Minute) }
	}
	if o.Timeout <= 0 {
		o.Timeout = time.Minute
	}
	if o.Redeliver <= 0 {
		o.Redeliver = 30 * time.Second
		if o.Ordered {
			o.Redeliver = 10 * time.Second
		}
	}
	return o
}

const (
	// abandonAfter is how long a function may go on after its time.
	abandonAfter = 5 * time.Second
	// drain is how long running functions may go on after the consumer's end;
	// then their contexts end.
	drain = 10 * time.Second
)

// Consume hands events to f until the context ends, and then waits for running
// calls and returns nil. The name, made of letters, digits, _ and -, keeps the
// place: a consumer goes on where the last one of its name stopped, and a new name
// begins with the oldest stored event. Consumers with the same name share the
// events; those with different names each get all of them.
func (b *Inbox) Consume(ctx context.Context, name string, f webhook.EventFunc, options ConsumeOptions) error {
	if !validName(name) {
		return fmt.Errorf("inbox: consumer %q: want a name of letters, digits, _ and -", name)
	}
	options = options.withDefaults()
	leaser, err := b.leaser(ctx, name, max(options.Redeliver, time.Second))
	if err != nil {
		return unlessEnded(ctx, err)
	}
	first := -1 // any shelf that is free
	if options.Ordered {
		first = 0
	}
	for {
		number, ok := leaser.wait(ctx, first)
		if !ok {
			return nil
		}
		c := &consumer{
			inbox: b, name: name, f: webhook.Recovered(f), options: options, leaser: leaser,
			held: map[uint64]*item{}, aside: map[uint64]*item{}, past: map[uint64]bool{}, lanes: map[string]*lane{}, shelves: map[int]*shelf{},
			open: !options.Ordered, changed: make(chan struct{}, 1),
		}
		if err := c.run(ctx, number); err != nil || ctx.Err() != nil {
			return unlessEnded(ctx, err)
		}
		b.settings.log().Warn("webhook inbox: a consumer begins again: another process took over, or the server was away", "consumer", name)
	}
}

// consumer is one consumer at work. It ends with the context, or when it has
// lost a lease.
type consumer struct {
	inbox   *Inbox
	name    string
	f       webhook.EventFunc
	options ConsumeOptions
	leaser  *leaser
	lost    context.CancelFunc // ends it
	calls   context.Context    // of the functions; it outlives the consumer's own
	changed chan struct{}      // of held or running; capacity 1

	mu       sync.Mutex
	held     map[uint64]*item // by sequence: taken from the server, not given back
	aside    map[uint64]*item // by sequence: put aside
	past     map[uint64]bool  // by sequence: put aside by a former process and done by now
	lanes    map[string]*lane // by object; with Ordered only
	fresh    queue            // lanes whose last try did not fail
	retry    queue            // the others
	suspect  queue            // of these, those that were running when a process ended
	running  int
	retrying int  // of running, from retry and suspect
	testing  bool // one from suspect is running
	turn     bool // of retry, with a single worker
	crowded  bool // there may be events to put aside, see makeRoom
	open     bool // hands out: not before recovery is through
	ended    bool // no longer hands anything out
	shelves  map[int]*shelf
	own      *shelf
	foreign  foreign
}

// run consumes until the context ends or a lease is lost.
func (c *consumer) run(ctx context.Context, number int) error {
	calls, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	ctx, c.lost = context.WithCancel(ctx)
	defer c.lost()
	c.calls = calls
	release := c.leaser.of(number).hold(ctx, c.lost)
	from, err := c.prepare(ctx, number, release)
	if err != nil {
		err = errors.Join(err, c.closeShelves(ctx))
		if !errors.Is(err, errFenced) && !temporary(err) {
			return unlessEnded(ctx, err)
		}
		c.inbox.settings.log().Warn("webhook inbox: a consumer begins later", "consumer", c.name, "error", err)
		pause(ctx, 500*time.Millisecond)
		return nil
	}
	background, stop := context.WithCancel(calls)
	var wg sync.WaitGroup
	wg.Go(func() { c.heartbeat(background, from) })
	wg.Go(func() { c.adoptAgain(ctx) })
	if c.options.Ordered {
		wg.Go(func() { c.recover(ctx, from) })
	}
	c.fetchLoop(ctx)
	c.finish(cancel)
	stop()
	wg.Wait()
	if err := c.closeShelves(ctx); err != nil {
		c.inbox.settings.log().Warn("webhook inbox: the end of a consumer is not recorded", "consumer", c.name, "error", err)
	}
	return nil
}

// prepare loads what is put aside, and then makes available what a former process
// left unfinished.
func (c *consumer) prepare(ctx context.Context, number int, release func()) (jetstream.Consumer, error) {
	from, err := c.attach(ctx)
	if err == nil {
		err = c.addShelf(ctx, number, release)
	}
	if err != nil {
		if c.own == nil {
			release()
		}
		return nil, err
	}
	c.own = c.shelves[number]
	c.adopt(ctx)
	if !c.options.Ordered {
		return from, nil
	}
	// Nobody else is at work, so what a former process had need not wait until the
	// server gives up on that process. It comes before anything newer.
	if err := c.inbox.expire(ctx, c.name); err != nil {
		c.inbox.settings.log().Warn("webhook inbox: unfinished events come later", "consumer", c.name, "error", err)
	}
	return from, nil
}

// unlessEnded returns the error of a consumer that was not asked to end.
func unlessEnded(ctx context.Context, err error) error {
	select {
	case <-ctx.Done():
		return nil
	default:
		return err
	}
}

// attach makes the consumer on the server, or finds it.
func (c *consumer) attach(ctx context.Context) (jetstream.Consumer, error) {
	for {
		try, cancel := context.WithTimeout(ctx, 5*time.Second)
		from, err := c.inbox.events.CreateOrUpdateConsumer(try, jetstream.ConsumerConfig{
			Durable:       c.name,
			AckPolicy:     jetstream.AckExplicitPolicy,
			DeliverPolicy: jetstream.DeliverAllPolicy,
			AckWait:       c.options.Redeliver,
			MaxDeliver:    -1, // tries are ours to count: the server would drop the event
			MaxAckPending: -1, // Buffer bounds what is taken
		})
		cancel()
		if err == nil || !temporary(err) {
			if err != nil {
				err = fmt.Errorf("inbox: opening consumer %s: %w", c.name, err)
			}
			return from, err
		}
		if !pause(ctx, 200*time.Millisecond) {
			return nil, ctx.Err()
		}
	}
}

// fetchLoop takes events from the server as there is room for them.
func (c *consumer) fetchLoop(ctx context.Context) {
	log := c.inbox.settings.log().With("consumer", c.name)
	var p *puller
	defer func() {
		if p == nil {
			return
		}
		if err := p.end(c.take); err != nil {
			log.Warn("webhook inbox: events on their way come later", "error", err)
		}
	}()
	for ctx.Err() == nil {
		c.mu.Lock()
		room := c.options.Buffer - len(c.held)
		c.mu.Unlock()
		if room < max(c.options.Buffer/4, 1) {
			if c.makeRoom() {
				continue
			}
			select {
			case <-c.changed:
			case <-ctx.Done():
			}
			continue
		}
		var err error
		if p == nil {
			p, err = newPuller(c.inbox.conn, c.inbox.eventsName(), c.name)
		}
		if err == nil {
			err = p.pull(ctx, room, c.take)
		}
		if err == nil || ctx.Err() != nil {
			continue
		}
		log.Warn("webhook inbox: taking events", "error", err)
		if pause(ctx, 500*time.Millisecond) && gone(err) {
			if _, err := c.attach(ctx); err != nil && ctx.Err() == nil {
				log.Warn("webhook inbox: taking events", "error", err)
			}
		}
	}
}

// take sorts a message in.
func (c *consumer) take(m *nats.Msg) {
	meta, err := m.Metadata()
	if err != nil {
		c.inbox.settings.log().Error("webhook inbox: a message without its place in the stream", "error", err)
		return
	}
	if to := m.Header.Get(headerTo); to != "" && to != c.name {
		c.answer(m.Reply, ackDone)
		return
	}
	e := decode(m.Header, m.Data, meta.Timestamp)
	if c.options.Types != nil && !slices.Contains(c.options.Types, e.Type) {
		c.answer(m.Reply, ackDone)
		return
	}
	i := &item{reply: m.Reply, event: e, sequence: meta.Sequence.Stream, shelf: c.own}
	i.Time, i.Lane = e.Time(), laneKey(e)
	elsewhere := false
	i.Tries = c.begunHere(i.sequence) // a server that was killed may not know that it comes again
	i.Crashed = i.Tries               // or it would be put aside
	if meta.NumDelivered > 1 {
		var tries int
		if tries, elsewhere, err = c.history(i.sequence); err != nil {
			c.inbox.settings.log().Warn("webhook inbox: an event comes later", "consumer", c.name, "key", e.Meta.Key, "error", err)
			return // the server hands it out again
		}
		i.Tries = max(i.Tries, tries)
		i.Crashed = i.Tries
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case elsewhere || c.aside[i.sequence] != nil || c.past[i.sequence]:
		c.answer(i.reply, ackDone) // it was put aside, and the process ended before it could say so
		return
	case c.held[i.sequence] != nil:
		return // handed out again although it is held, after a pause of this process
	}
	c.held[i.sequence] = i
	c.sortIn(i)
	c.schedule()
}

// sortIn puts an item into the lane of its object. The caller holds mu.
func (c *consumer) sortIn(i *item) {
	l := &lane{}
	if c.options.Ordered {
		if l = c.lanes[i.Lane]; l == nil {
			l = &lane{key: i.Lane}
			c.lanes[i.Lane] = l
		}
	}
	l.add(i)
	c.crowded = c.crowded || l.state == blocked || len(l.items) > c.options.Buffer/4
	l.failing = l.failing || i.Tries > 0 && i.stored > 0
	if l.state == idle || l.state == blocked && i.stored > 0 {
		c.enqueue(l, i.wait())
	}
}

// enqueue puts a lane into a queue, after a wait. The caller holds mu.
func (c *consumer) enqueue(l *lane, wait time.Duration) {
	if wait > 0 {
		l.state = blocked
		c.crowded = c.crowded || len(l.items) > 1
		time.AfterFunc(wait, func() {
			c.mu.Lock()
			defer c.mu.Unlock()
			if l.state == blocked && len(l.items) > 0 {
				c.enqueue(l, 0)
				c.schedule()
			}
		})
		return
	}
	l.state = ready
	switch {
	case l.items[0].suspect():
		c.suspect.push(l)
	case l.failing:
		c.retry.push(l)
	default:
		c.fresh.push(l)
	}
}

// next returns the lane whose turn it is, or nil. Events that failed leave a
// quarter of the workers to the others, and get a quarter if both wait. Of those
// that were running when a process ended, one runs at a time, so that an event that
// ends processes affects the others at most once. The caller holds mu.
func (c *consumer) next() *lane {
	share := max(c.options.Workers/4, 1)
	most := max(c.options.Workers-share, 1)
	test := len(c.suspect) > 0 && !c.testing
	mayRetry := (test || len(c.retry) > 0) && c.retrying < most
	first := c.retrying < share
	if c.options.Workers == 1 {
		first = c.turn
	}
	switch {
	case mayRetry && (first || len(c.fresh) == 0):
		c.turn = false
		c.retrying++
		if test {
			c.testing = true
			return c.suspect.pop()
		}
		return c.retry.pop()
	case len(c.fresh) > 0:
		c.turn = true
		return c.fresh.pop()
	}
	return nil
}

// schedule starts workers for lanes that are ready. The caller holds mu.
func (c *consumer) schedule() {
	for c.open && !c.ended && c.running < c.options.Workers {
		retrying, testing := c.retrying, c.testing
		l := c.next()
		if l == nil {
			return
		}
		if l.items[0].moving {
			l.state = halted
			c.retrying, c.testing = retrying, testing
			continue
		}
		l.state = busy
		i := l.pop()
		i.running = true
		c.running++
		go c.work(l, i, c.retrying > retrying, c.testing != testing)
	}
}

// work hands out an item of a lane.
func (c *consumer) work(l *lane, i *item, retry, test bool) {
	how := c.try(i)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.running--
	if retry {
		c.retrying--
	}
	if test {
		c.testing = false
	}
	i.running = false
	if i.reply == "" || how != later {
		delete(c.held, i.sequence)
	}
	if i.stored > 0 && how != done {
		c.aside[i.sequence] = i
	} else {
		delete(c.aside, i.sequence)
		if i.loaded {
			c.past[i.sequence] = true
		}
	}
	switch {
	case how == later && !c.ended:
		l.failing = true
		l.add(i)
	case how == later && i.reply != "":
		c.answer(i.reply, ackBack)
		delete(c.held, i.sequence)
	case how == done:
		l.failing = false
	}
	if len(l.items) > 0 {
		wait := time.Duration(0)
		if how == later {
			wait = i.wait()
		}
		c.enqueue(l, wait)
	} else if c.lanes[l.key] == l {
		delete(c.lanes, l.key)
	}
	c.notify()
	c.schedule()
}

func (c *consumer) notify() {
	select {
	case c.changed <- struct{}{}:
	default:
	}
}

// answer tells the server about a message. Where that fails the event is handed
// out again, which is what at least once means.
func (c *consumer) answer(reply string, word []byte) {
	if err := c.inbox.conn.Publish(reply, word); err != nil {
		c.inbox.settings.log().Warn("webhook inbox: acknowledging an event", "consumer", c.name, "error", err)
	}
}

// heartbeat keeps the server from handing out again what is held here.
func (c *consumer) heartbeat(ctx context.Context, from jetstream.Consumer) {
	for pause(ctx, c.options.Redeliver/3) {
		c.mu.Lock()
		replies := make([]string, 0, len(c.held))
		for _, i := range c.held {
			if i.reply != "" {
				replies = append(replies, i.reply)
			}
		}
		shelves, past := slices.Collect(maps.Values(c.shelves)), len(c.past) > 0
		c.mu.Unlock()
		for _, reply := range replies {
			// An error means that the connection is away, which the fetch
			// loop reports.
			_ = c.inbox.conn.Publish(reply, ackProgress)
		}
		if !past && !slices.ContainsFunc(shelves, (*shelf).carries) {
			continue
		}
		info, err := from.Info(ctx)
		if err != nil {
			continue // it is about memory alone
		}
		c.mu.Lock()
		maps.DeleteFunc(c.past, func(sequence uint64, _ bool) bool { return sequence <= info.AckFloor.Stream })
		c.mu.Unlock()
		for _, s := range shelves {
			s.forgetBelow(info.AckFloor.Stream)
		}
	}
}

// recover opens an ordered consumer for work once it holds all that a former
// process left unfinished, so that nothing newer overtakes it, and has taken in
// what is stored already, so that it is in order.
func (c *consumer) recover(ctx context.Context, from jetstream.Consumer) {
	const patience = time.Second // where more comes than can be taken in
	for start := time.Now(); ; {
		if info, err := from.Info(ctx); err == nil {
			c.mu.Lock()
			full := len(c.held) >= c.options.Buffer
			takenIn := info.NumPending == 0 || time.Since(start) > patience
			if full || takenIn && info.NumAckPending <= len(c.held) {
				c.open = true
				c.schedule()
				c.mu.Unlock()
				return
			}
			c.mu.Unlock()
		}
		if !pause(ctx, 20*time.Millisecond) {
			return
		}
	}
}

// finish gives back what has not begun and waits for what is running.
func (c *consumer) finish(cancel context.CancelFunc) {
	c.mu.Lock()
	c.ended = true
	for sequence, i := range c.held {
		if !i.running && !i.moving {
			c.answer(i.reply, ackBack)
			delete(c.held, sequence)
		}
	}
	c.mu.Unlock()
	if !c.idleWithin(drain) {
		cancel()
		if !c.idleWithin(abandonAfter) {
			c.inbox.settings.log().Error("webhook inbox: functions go on after the consumer's end", "consumer", c.name)
		}
	}
	if err := c.inbox.conn.FlushTimeout(time.Second); err != nil {
		c.inbox.settings.log().Warn("webhook inbox: the last acknowledgements may be lost", "consumer", c.name, "error", err)
	}
}

// idleWithin waits until nothing runs.
func (c *consumer) idleWithin(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		c.mu.Lock()
		running := c.running
		c.mu.Unlock()
		if running == 0 {
			return true
		}
		select {
		case <-c.changed:
		case <-timer.C:
			return false
		}
	}
}
