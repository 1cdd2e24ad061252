package inbox

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// ConsumeOptions tell how a consumer works. The zero value is a good start.
type ConsumeOptions struct {
	// Types are the events of interest; nil means all. Others are done at once.
	Types []event.Type
	// Ordered hands out the events of one object of one account (see
	// webhook.Event.Object) one at a time, those that are there in the order of
	// their own time. One that fails holds up the later ones of its object until
	// it succeeds or becomes a dead letter, and no others. Of several
	// processes one works and the others stand by.
	Ordered bool
	// Workers is how many events are worked on at a time; 0 means 8.
	Workers int
	// Tries is how often an event is handed out before it becomes a dead
	// letter; 0 means 8. A try that ended with its process counts.
	Tries int
	// Backoff returns the wait after a failed try, 1 for the first. Nil means
	// 1 s that doubles with each try, up to 10 min.
	Backoff func(try int) time.Duration
	// Timeout bounds one try; 0 means a minute. The function's context ends
	// then. A function that does not heed it has failed all the same, and goes
	// on beside the next try; with Ordered it is waited for.
	Timeout time.Duration
	// Buffer is how many events are taken from the server ahead; 0 means 256,
	// with Ordered 4096.
	Buffer int
	// Redeliver is how long after the end of a process its unfinished events
	// are handed out again; 0 means 30 s, with Ordered 10 s. With Ordered it is
	// also how long the others stand by before one takes over, which then waits
	// for such events before it begins.
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

// Consume hands events to f until the context ends, and then waits for the calls
// that are running. The name, of letters, digits, _ and -, keeps the place: a
// consumer of the name goes on where the last one stopped, a new name begins
// with the oldest event stored. Consumers of one name share the events, those of
// different names get each all of them. It returns nil when the context ends.
func (b *Inbox) Consume(ctx context.Context, name string, f webhook.EventFunc, options ConsumeOptions) error {
	if !validName(name) {
		return fmt.Errorf("inbox: consumer %q: want a name of letters, digits, _ and -", name)
	}
	options = options.withDefaults()
	run := func(ctx context.Context) error {
		c := &consumer{
			inbox: b, name: name, f: webhook.Recovered(f), options: options,
			held: map[uint64]*item{}, lanes: map[string]*lane{}, open: !options.Ordered, changed: make(chan struct{}, 1),
		}
		return c.run(ctx)
	}
	if options.Ordered {
		return b.whileLeader(ctx, name, max(options.Redeliver, time.Second), run)
	}
	return run(ctx)
}

// consumer is one consumer at work.
type consumer struct {
	inbox   *Inbox
	name    string
	f       webhook.EventFunc
	options ConsumeOptions
	calls   context.Context // of the functions; it outlives the consumer's own
	changed chan struct{}   // of held or running; capacity 1

	mu      sync.Mutex
	held    map[uint64]*item // by sequence: taken from the server, not given back
	lanes   map[string]*lane // by object; with Ordered only
	ready   []*lane
	running int
	open    bool // hands out: not before recovery is through
	ended   bool // hands out nothing any more
}

// run consumes until the context ends.
func (c *consumer) run(ctx context.Context) error {
	calls, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	c.calls = calls
	from, err := c.attach(ctx)
	if err != nil {
		return unlessEnded(ctx, err)
	}
	background, stop := context.WithCancel(calls)
	var wg sync.WaitGroup
	wg.Go(func() { c.heartbeat(background) })
	if c.options.Ordered {
		c.settle(ctx, from)
		wg.Go(func() { c.recover(ctx, from) })
	}
	c.fetchLoop(ctx, from)
	c.finish(cancel)
	stop()
	wg.Wait()
	return nil
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
			MaxAckPending: -1, // events that wait for their next try must not stop the others
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
func (c *consumer) fetchLoop(ctx context.Context, from jetstream.Consumer) {
	for ctx.Err() == nil {
		c.mu.Lock()
		room := c.options.Buffer - len(c.held)
		c.mu.Unlock()
		if room < max(c.options.Buffer/4, 1) {
			select {
			case <-c.changed:
			case <-ctx.Done():
			}
			continue
		}
		if err := c.fetch(ctx, from, room); err != nil && ctx.Err() == nil {
			c.inbox.settings.log().Warn("webhook inbox: taking events", "consumer", c.name, "error", err)
			if !pause(ctx, 500*time.Millisecond) {
				return
			}
			if errors.Is(err, jetstream.ErrConsumerNotFound) || errors.Is(err, jetstream.ErrConsumerDeleted) {
				if again, err := c.attach(ctx); err == nil {
					from = again
				}
			}
		}
	}
}

func (c *consumer) fetch(ctx context.Context, from jetstream.Consumer, n int) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	batch, err := from.Fetch(n, jetstream.FetchContext(ctx), jetstream.FetchHeartbeat(2*time.Second))
	if err != nil {
		return err
	}
	for m := range batch.Messages() {
		c.take(m)
	}
	if err := batch.Error(); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// take sorts a message in.
func (c *consumer) take(m jetstream.Msg) {
	meta, err := m.Metadata()
	if err != nil {
		c.inbox.settings.log().Error("webhook inbox: a message without its place in the stream", "error", err)
		return
	}
	if to := m.Headers().Get(headerTo); to != "" && to != c.name {
		c.acknowledge(m)
		return
	}
	e := decode(m.Headers(), m.Data(), meta.Timestamp)
	if c.options.Types != nil && !slices.Contains(c.options.Types, e.Type) {
		c.acknowledge(m)
		return
	}
	i := &item{msg: m, event: e, sequence: meta.Sequence.Stream, delivered: int(meta.NumDelivered)}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held[i.sequence] != nil {
		return // handed out again although it is held, after a pause of this process
	}
	c.held[i.sequence] = i
	if !c.options.Ordered {
		c.ready = append(c.ready, &lane{items: []*item{i}})
	} else {
		c.sortIn(i)
	}
	c.schedule()
}

// sortIn puts an item into the lane of its object. The caller holds mu.
func (c *consumer) sortIn(i *item) {
	i.time = i.event.Time()
	key := laneKey(i.event)
	l := c.lanes[key]
	if l == nil {
		l = &lane{key: key}
		c.lanes[key] = l
	}
	l.add(i)
	if l.state == idle {
		l.state = waiting
		c.ready = append(c.ready, l)
	}
}

// schedule starts workers for lanes that are ready. The caller holds mu.
func (c *consumer) schedule() {
	for c.open && !c.ended && c.running < c.options.Workers && len(c.ready) > 0 {
		l := c.ready[0]
		c.ready[0] = nil
		c.ready = c.ready[1:]
		l.state = busy
		i := l.pop()
		i.running = true
		c.running++
		go c.work(l, i)
	}
}

// work hands out an item of a lane.
func (c *consumer) work(l *lane, i *item) {
	wait, done := c.try(i)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.running--
	i.running = false
	switch {
	case done:
		delete(c.held, i.sequence)
	case c.ended:
		c.giveBack(i.msg)
		delete(c.held, i.sequence)
	default:
		l.add(i)
	}
	switch {
	case len(l.items) == 0:
		delete(c.lanes, l.key)
	case wait > 0:
		l.state = blocked
		time.AfterFunc(wait, func() {
			c.mu.Lock()
			defer c.mu.Unlock()
			l.state = waiting
			c.ready = append(c.ready, l)
			c.schedule()
		})
	default:
		l.state = waiting
		c.ready = append(c.ready, l)
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

// try hands an item out once and tells the server how it went. It reports false,
// and how long to wait, where the item stays here for its next try.
func (c *consumer) try(i *item) (wait time.Duration, done bool) {
	tries := i.tries()
	log := c.inbox.settings.log().With("consumer", c.name, "type", i.event.Type.String(), "key", i.event.Meta.Key, "try", tries)
	if tries > c.options.Tries {
		// Each of its tries ended with the process, and one more would end this
		// one; or the dead letter could not be written before.
		if i.cause == nil {
			i.cause = errors.New("the tries ended without a result")
		}
		return c.bury(i, tries-1, i.cause)
	}
	err := c.call(i, tries)
	if panicked, ok := errors.AsType[*webhook.PanicError](err); ok {
		log = log.With("stack", string(panicked.Stack))
	}
	switch {
	case err == nil:
		c.acknowledge(i.msg)
		return 0, true
	case c.calls.Err() != nil:
		c.giveBack(i.msg) // the function was cut off by the end of the consumer
		return 0, true
	case tries >= c.options.Tries:
		log.Error("webhook event becomes a dead letter", "error", err)
		return c.bury(i, tries, err)
	}
	wait = c.options.Backoff(tries)
	log.Warn("webhook event failed", "error", err, "wait", wait)
	if c.options.Ordered {
		i.failed++
		return wait, false
	}
	if err := i.msg.NakWithDelay(wait); err != nil {
		log.Warn("webhook inbox: putting an event back", "error", err)
	}
	return 0, true
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

// bury makes an item a dead letter.
func (c *consumer) bury(i *item, tries int, cause error) (wait time.Duration, done bool) {
	ctx, cancel := context.WithTimeout(c.calls, 10*time.Second)
	defer cancel()
	if err := c.inbox.bury(ctx, c.name, i, tries, cause); err != nil {
		c.inbox.settings.log().Error("webhook inbox: writing a dead letter", "consumer", c.name, "key", i.event.Meta.Key, "error", err)
		if c.options.Ordered {
			i.failed, i.cause = i.failed+1, cause
			return 10 * time.Second, false
		}
		if err := i.msg.NakWithDelay(10 * time.Second); err != nil {
			c.inbox.settings.log().Warn("webhook inbox: putting an event back", "error", err)
		}
		return 0, true
	}
	c.acknowledge(i.msg)
	return 0, true
}

// acknowledge tells the server that an event is done. Where that fails the event
// is handed out again, which is what at least once means.
func (c *consumer) acknowledge(m jetstream.Msg) {
	if err := m.Ack(); err != nil {
		c.inbox.settings.log().Warn("webhook inbox: acknowledging an event", "consumer", c.name, "error", err)
	}
}

// heartbeat keeps the server from handing out again what is held here.
func (c *consumer) heartbeat(ctx context.Context) {
	for pause(ctx, c.options.Redeliver/3) {
		c.mu.Lock()
		held := slices.Collect(maps.Values(c.held))
		c.mu.Unlock()
		for _, i := range held {
			// An error means that it is acknowledged by now, or that the
			// connection is away, which the fetch loop reports.
			_ = i.msg.InProgress()
		}
	}
}

// settle waits until the server is ready to hand out again what a former process
// left unfinished. It hands that out before anything newer then.
func (c *consumer) settle(ctx context.Context, from jetstream.Consumer) {
	for {
		info, err := from.Info(ctx)
		if err == nil {
			if info.NumAckPending > 0 {
				pause(ctx, c.options.Redeliver+500*time.Millisecond)
			}
			return
		}
		if !pause(ctx, 200*time.Millisecond) {
			return
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
		if !i.running {
			c.giveBack(i.msg)
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

// giveBack lets the server hand an event out again at once.
func (c *consumer) giveBack(m jetstream.Msg) {
	if err := m.Nak(); err != nil {
		c.inbox.settings.log().Warn("webhook inbox: putting an event back", "consumer", c.name, "error", err)
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
