package inbox

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Inbox stores events and hands them out. It is safe for concurrent use.
type Inbox struct {
	settings settings
	host     *host // the server of the folder, if this process runs it; nil for a connection to another
	conn     *nats.Conn
	js       jetstream.JetStream
	events   jetstream.Stream
	dead     jetstream.Stream
	work     jetstream.Stream

	refused atomic.Pointer[error] // why the server stores nothing; nil for that of the host

	stop   context.CancelFunc // of the background work
	wg     sync.WaitGroup
	closed func() error
}

// Open opens the inbox at a URL and creates its streams if they are missing:
//
//	file:DIR                        a server of its own with its files in DIR
//	nats://HOST:PORT                a server
//	nats://HOST1,nats://HOST2,…     a cluster
//
// The settings ?prefix=NAME and ?replicas=N may follow. A folder takes an engine,
// see [WithEngine], unless another process serves it; embedded.Open has one. The context bounds Open
// only. The caller closes the inbox.
func Open(ctx context.Context, address string, options ...Option) (*Inbox, error) {
	b := &Inbox{settings: settings{keep: DefaultKeep}}
	b.closed = sync.OnceValue(b.close)
	for _, option := range options {
		option(&b.settings)
	}
	at, err := parseURL(address, &b.settings)
	if err != nil {
		return nil, err
	}
	if err := b.settings.check(); err != nil {
		return nil, err
	}
	if at.dir != "" {
		b.host, b.conn, err = b.openFolder(ctx, at.dir)
	} else {
		b.conn, err = b.connect(at.servers)
	}
	if err == nil {
		err = b.setUp(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	var background context.Context
	background, b.stop = context.WithCancel(context.WithoutCancel(ctx))
	b.wg.Go(func() { b.trimHourly(background) })
	return b, nil
}

// Close ends the connection and the server of the folder, if it is this process's. It does not wait for
// consumers: end their contexts first. Further calls do nothing.
func (b *Inbox) Close() error { return b.closed() }

func (b *Inbox) close() error {
	if b.stop != nil {
		b.stop()
	}
	b.wg.Wait()
	if b.conn != nil {
		b.conn.Close()
	}
	if b.host != nil {
		return b.host.close()
	}
	return nil
}

func (b *Inbox) connect(servers string, more ...nats.Option) (*nats.Conn, error) {
	log := b.settings.log()
	options := append([]nats.Option{
		nats.Name("ttshop inbox"),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(250 * time.Millisecond),
		// Nothing is held back while there is no connection: an event that is
		// not stored must not be answered.
		nats.ReconnectBufSize(-1),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				log.Warn("webhook inbox: connection lost", "error", err)
			}
		}),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			log.Warn("webhook inbox: connection trouble", "error", err)
		}),
	}, b.settings.nats...)
	conn, err := nats.Connect(servers, append(options, more...)...)
	if err != nil {
		return nil, fmt.Errorf("inbox: connecting to %s: %w", redact(servers), err)
	}
	return conn, nil
}

func (b *Inbox) eventsName() string  { return b.settings.prefix + "_events" }
func (b *Inbox) deadName() string    { return b.settings.prefix + "_dead" }
func (b *Inbox) leasesName() string  { return b.settings.prefix + "_leases" }
func (b *Inbox) eventPrefix() string { return b.settings.prefix + ".events." }
func (b *Inbox) deadPrefix() string  { return b.settings.prefix + ".dead." }
func (b *Inbox) workName() string    { return b.settings.prefix + "_work" }
func (b *Inbox) workPrefix() string  { return b.settings.prefix + ".work." }

// setUp creates missing streams, and changes existing ones only as options ask.
func (b *Inbox) setUp(ctx context.Context) error {
	js, err := jetstream.New(b.conn)
	if err != nil {
		return fmt.Errorf("inbox: %w", err)
	}
	b.js = js
	s := b.settings
	b.events, err = b.stream(ctx, jetstream.StreamConfig{
		Name:       b.eventsName(),
		Subjects:   []string{b.eventPrefix() + ">"},
		Storage:    jetstream.FileStorage,
		Duplicates: s.rememberFor(),
		MaxBytes:   -1,
		Discard:    jetstream.DiscardNew, // a full inbox refuses; it never forgets
		Replicas:   1,
	}, func(c *jetstream.StreamConfig) {
		if s.remember > 0 {
			c.Duplicates = s.remember
		}
		if s.maxBytes > 0 {
			c.MaxBytes = s.maxBytes
		}
		if s.replicas > 0 {
			c.Replicas = s.replicas
		}
	})
	if err != nil {
		return err
	}
	replicate := func(c *jetstream.StreamConfig) {
		if s.replicas > 0 {
			c.Replicas = s.replicas
		}
	}
	b.dead, err = b.stream(ctx, jetstream.StreamConfig{
		Name:              b.deadName(),
		Subjects:          []string{b.deadPrefix() + ">"},
		Storage:           jetstream.FileStorage,
		MaxMsgsPerSubject: 1, // the subject names consumer and event
		Replicas:          1,
	}, replicate)
	if err != nil {
		return err
	}
	b.work, err = b.stream(ctx, jetstream.StreamConfig{
		Name:              b.workName(),
		Subjects:          []string{b.workPrefix() + ">"},
		Storage:           jetstream.FileStorage,
		MaxMsgsPerSubject: 1, // only the last word counts
		Replicas:          b.events.CachedInfo().Config.Replicas,
	}, replicate)
	if err != nil || b.host == nil {
		return err
	}
	return b.freeUnfinished(ctx)
}

// freeUnfinished makes what the last server of this folder had handed out available
// at once: its holders were connected to that server.
func (b *Inbox) freeUnfinished(ctx context.Context) error {
	consumers, err := b.consumers(ctx)
	if err != nil {
		return err
	}
	var names []string
	for _, c := range consumers {
		names = append(names, c.Name)
	}
	if err := b.setDamagedAside(names); err != nil {
		return err
	}
	if err := b.expire(ctx, names...); err != nil {
		return fmt.Errorf("inbox: going on with unfinished events: %w", err)
	}
	return nil
}

// stream opens a stream. A new one gets the configuration; change is applied to
// a new and to an existing one.
func (b *Inbox) stream(ctx context.Context, fresh jetstream.StreamConfig, change func(*jetstream.StreamConfig)) (jetstream.Stream, error) {
	for {
		stream, err := b.openStream(ctx, fresh, change)
		if err == nil || !temporary(err) {
			return stream, err
		}
		// A server that has just started, or a cluster that elects its leader.
		if !pause(ctx, 200*time.Millisecond) {
			return nil, err
		}
	}
}

func (b *Inbox) openStream(ctx context.Context, fresh jetstream.StreamConfig, change func(*jetstream.StreamConfig)) (jetstream.Stream, error) {
	try, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	stream, err := b.js.Stream(try, fresh.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		change(&fresh)
		if stream, err = b.js.CreateStream(try, fresh); err != nil {
			return nil, fmt.Errorf("inbox: making stream %s: %w", fresh.Name, err)
		}
		return stream, nil
	}
	if err != nil {
		return nil, fmt.Errorf("inbox: opening stream %s: %w", fresh.Name, err)
	}
	old := stream.CachedInfo().Config
	config := old
	change(&config)
	if config.Duplicates == old.Duplicates && config.MaxBytes == old.MaxBytes && config.Replicas == old.Replicas {
		return stream, nil
	}
	if stream, err = b.js.UpdateStream(try, config); err != nil {
		return nil, fmt.Errorf("inbox: changing stream %s: %w", fresh.Name, err)
	}
	return stream, nil
}

// temporary reports whether an error of the server may pass by itself.
func temporary(err error) bool {
	for _, target := range []error{
		context.DeadlineExceeded, nats.ErrTimeout, nats.ErrNoResponders, nats.ErrDisconnected, nats.ErrReconnectBufExceeded,
		nats.ErrConnectionReconnecting, nats.ErrNoHeartbeat, jetstream.ErrNoStreamResponse,
	} {
		if errors.Is(err, target) {
			return true
		}
	}
	refused, ok := errors.AsType[*jetstream.APIError](err)
	return ok && refused.Code >= 500
}

// pause waits, and reports false if the context ends first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
