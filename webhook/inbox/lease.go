package inbox

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// A lease is a key whose value names the process that has it. The holder keeps
// rewriting it; a process that sees it unchanged for the whole lease time takes it
// over. No clocks are compared.
type lease struct {
	inbox    *Inbox
	bucket   jetstream.KeyValue
	name     string
	holder   []byte
	time     time.Duration
	revision uint64    // of our last write
	seen     uint64    // the revision that another holder left
	since    time.Time // when it was seen first
}

// leaseName names the lease of a consumer's shelf.
func leaseName(consumer string, shelf int) string {
	if shelf == 0 {
		return consumer
	}
	return consumer + "." + strconv.Itoa(shelf)
}

// leaser takes the leases of a consumer's shelves for this process.
type leaser struct {
	inbox    *Inbox
	bucket   jetstream.KeyValue
	consumer string
	time     time.Duration
	leases   map[int]*lease // that were asked for
}

func (b *Inbox) leaser(ctx context.Context, consumer string, leaseTime time.Duration) (*leaser, error) {
	bucket, err := b.leases(ctx)
	if err != nil {
		return nil, err
	}
	return &leaser{b, bucket, consumer, leaseTime, map[int]*lease{}}, nil
}

func (l *leaser) of(shelf int) *lease {
	if l.leases[shelf] == nil {
		l.leases[shelf] = &lease{inbox: l.inbox, bucket: l.bucket, name: leaseName(l.consumer, shelf), holder: []byte(rand.Text()), time: l.time}
	}
	return l.leases[shelf]
}

// wait waits for the lease of a shelf; below 0, of any. It reports false if
// the context ended before.
func (l *leaser) wait(ctx context.Context, shelf int) (int, bool) {
	reported := false
	for {
		n, err := max(shelf, 0), error(nil)
		for ; ; n++ {
			if err = l.of(n).take(ctx); err == nil {
				return n, true
			}
			if shelf >= 0 || !errors.Is(err, jetstream.ErrKeyExists) {
				break
			}
		}
		if !errors.Is(err, jetstream.ErrKeyExists) && ctx.Err() == nil && !reported {
			l.inbox.settings.log().Warn("webhook inbox: asking for the lease", "consumer", l.consumer, "error", err)
			reported = true
		}
		if !pause(ctx, l.time/20) {
			return 0, false
		}
		if !errors.Is(err, jetstream.ErrKeyExists) {
			// A server that was restarted has lost its leases.
			if bucket, err := l.inbox.leases(ctx); err == nil {
				l.bucket, l.leases = bucket, map[int]*lease{}
			}
		}
	}
}

// hold keeps a lease that was taken, until release is called, and calls lost
// if it cannot be kept.
func (l *lease) hold(ctx context.Context, lost func()) (release func()) {
	// It is kept while functions run after the consumer's end.
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if !l.renew(ctx) {
			lost()
		}
	}()
	return func() { stop(); <-ended }
}

// leases opens the bucket of the leases. It is in memory: a lease need not
// outlive the server that gave it.
func (b *Inbox) leases(ctx context.Context) (jetstream.KeyValue, error) {
	replicas := b.events.CachedInfo().Config.Replicas
	for {
		try, cancel := context.WithTimeout(ctx, 5*time.Second)
		bucket, err := b.js.KeyValue(try, b.leasesName())
		if errors.Is(err, jetstream.ErrBucketNotFound) {
			bucket, err = b.js.CreateKeyValue(try, jetstream.KeyValueConfig{
				Bucket: b.leasesName(), Storage: jetstream.MemoryStorage, Replicas: replicas,
			})
		}
		cancel()
		if err == nil {
			return bucket, nil
		}
		if !temporary(err) {
			return nil, fmt.Errorf("inbox: opening the leases: %w", err)
		}
		if !pause(ctx, 200*time.Millisecond) {
			return nil, ctx.Err()
		}
	}
}

// take takes the lease if it is free. The error matches
// jetstream.ErrKeyExists if another process has it.
func (l *lease) take(ctx context.Context) error {
	entry, err := l.bucket.Get(ctx, l.name)
	switch {
	case errors.Is(err, jetstream.ErrKeyNotFound):
		l.revision, err = l.bucket.Create(ctx, l.name, l.holder)
		return err
	case err != nil:
		return err
	case bytes.Equal(entry.Value(), l.holder): // the answer to a former try got lost
		l.revision = entry.Revision()
		return nil
	case entry.Revision() != l.seen:
		l.seen, l.since = entry.Revision(), time.Now()
	case time.Since(l.since) > l.time:
		l.revision, err = l.bucket.Update(ctx, l.name, l.holder, l.seen)
		return err
	}
	return jetstream.ErrKeyExists
}

// renew keeps the lease until the context ends, and then gives it back. It
// reports false if it is lost before that.
func (l *lease) renew(ctx context.Context) bool {
	renewed := time.Now()
	for pause(ctx, l.time/5) {
		asked := time.Now()
		try, cancel := context.WithTimeout(ctx, l.time/5)
		revision, err := l.bucket.Update(try, l.name, l.holder, l.revision)
		cancel()
		switch {
		case err == nil:
			l.revision, renewed = revision, asked
			continue
		case !temporary(err) && ctx.Err() == nil:
			entry, err := l.bucket.Get(ctx, l.name)
			if err != nil || !bytes.Equal(entry.Value(), l.holder) {
				return false // it is another's, or gone
			}
			l.revision = entry.Revision() // the answer to a former try got lost
		}
		if time.Since(renewed) > l.time*3/5 {
			return false
		}
	}
	// Let the next one in without waiting.
	give, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := l.bucket.Delete(give, l.name, jetstream.LastRevision(l.revision)); err != nil {
		l.inbox.settings.log().Debug("webhook inbox: giving a lease back", "consumer", l.name, "error", err)
	}
	return true
}
