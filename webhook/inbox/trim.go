package inbox

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// trimHourly removes what is old.
func (b *Inbox) trimHourly(ctx context.Context) {
	for pause(ctx, time.Hour) {
		if err := b.Trim(ctx); err != nil && ctx.Err() == nil {
			b.settings.log().Warn("webhook inbox: removing old events", "error", err)
		}
	}
}

// Trim removes events that are older than [WithKeep] allows and that every consumer
// has finished. It runs by itself every hour. Without consumers it removes nothing.
func (b *Inbox) Trim(ctx context.Context) error {
	consumers, err := b.consumers(ctx)
	if err != nil || len(consumers) == 0 {
		return err
	}
	info, err := b.events.Info(ctx)
	if err != nil {
		return fmt.Errorf("inbox: state of the events: %w", err)
	}
	keep := info.State.LastSeq + 1 // the first event that stays
	since := time.Now().Add(-b.settings.keep)
	for m, err := range read(ctx, b.events, jetstream.OrderedConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartTimePolicy, OptStartTime: &since, HeadersOnly: true,
	}) {
		if err != nil {
			return err
		}
		keep = m.sequence
		break
	}
	// The consumers were asked before: what is acknowledged and not put aside is done.
	asides, err := b.asides(ctx)
	if err != nil {
		return err
	}
	for _, c := range consumers {
		keep = min(keep, c.AckFloor.Stream+1)
		if put := asides[c.Name]; put.events > 0 {
			keep = min(keep, put.oldest)
		}
	}
	if keep <= info.State.FirstSeq {
		return nil
	}
	if err := b.events.Purge(ctx, jetstream.WithPurgeSequence(keep)); err != nil {
		return fmt.Errorf("inbox: removing old events: %w", err)
	}
	return nil
}
