package inbox

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// A lease is a key whose value names the process that has it. The holder writes
// it again and again; who sees it unchanged for the whole lease time takes it
// over. No clocks are compared.
type lease struct {
	inbox    *Inbox
	bucket   jetstream.KeyValue
	name     string
	holder   []byte
	time     time.Duration
	revision uint64 // of our last write
}

// whileLeader calls run while this process has the lease of the name, and again
// after it lost it, until the context ends or run fails. A process that stands
// still for longer than the lease time finds out when it wakes up; until then
// its running functions may overlap with those of its successor.
func (b *Inbox) whileLeader(ctx context.Context, name string, leaseTime time.Duration, run func(context.Context) error) error {
	bucket, err := b.leases(ctx)
	if err != nil {
		return unlessEnded(ctx, err)
	}
	l := &lease{inbox: b, bucket: bucket, name: name, holder: []byte(rand.Text()), time: leaseTime}
	for l.acquire(ctx) {
		leading, lost := context.WithCancel(ctx)
		// The lease is kept while functions run after the consumer's end.
		renewing, stop := context.WithCancel(context.WithoutCancel(ctx))
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			l.renew(renewing)
			lost()
		}()
		err := run(leading)
		stop()
		<-ended
		if err != nil || ctx.Err() != nil {
			return err
		}
		b.settings.log().Warn("webhook inbox: another process takes over, or the server was away for too long", "consumer", name)
	}
	return nil
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

// acquire waits for the lease. It reports false where the context ended before.
func (l *lease) acquire(ctx context.Context) bool {
	var seen uint64 // the revision that another holder left
	var since time.Time
	reported := false
	for {
		err := l.take(ctx, &seen, &since)
		if err == nil {
			return true
		}
		if !errors.Is(err, jetstream.ErrKeyExists) && ctx.Err() == nil && !reported {
			l.inbox.settings.log().Warn("webhook inbox: asking for the lease", "consumer", l.name, "error", err)
			reported = true
		}
		if !pause(ctx, l.time/20) {
			return false
		}
	}
}

func (l *lease) take(ctx context.Context, seen *uint64, since *time.Time) error {
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
	case entry.Revision() != *seen:
		*seen, *since = entry.Revision(), time.Now()
	case time.Since(*since) > l.time:
		l.revision, err = l.bucket.Update(ctx, l.name, l.holder, *seen)
		return err
	}
	return jetstream.ErrKeyExists
}

// renew keeps the lease until it is lost or the context ends, and then gives it
// back.
func (l *lease) renew(ctx context.Context) {
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
				return // it is another's, or gone
			}
			l.revision = entry.Revision() // the answer to a former try got lost
		}
		if time.Since(renewed) > l.time*3/5 {
			return
		}
	}
	if ctx.Err() == nil {
		return
	}
	// Let the next one in without waiting.
	give, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := l.bucket.Delete(give, l.name, jetstream.LastRevision(l.revision)); err != nil {
		l.inbox.settings.log().Debug("webhook inbox: giving a lease back", "consumer", l.name, "error", err)
	}
}
