package reconcile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/internal/wire"
	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// Inbox is where events are. The Inbox of package webhook/inbox is one.
type Inbox interface {
	webhook.Inbox
	// Received returns the events that came since a time, oldest first.
	Received(ctx context.Context, since time.Time) iter.Seq2[*webhook.Event, error]
}

// Options say what is compared.
type Options struct {
	// AppKey is the app whose events are compared. It is part of the keys.
	AppKey string
	// ShopID is the shop's id, as its events carry it.
	ShopID string
	// From and To bound the update times, excluding To. A zero From means a
	// day before To, a zero To five minutes ago: the event of a later change
	// may still be on its way. The platform retries for 15 hours and 32 minutes.
	From, To time.Time
	// Lookback is how long before From a received event may have reported a
	// status that has not changed since; 0 means 7 days. An object without any
	// event counts as missed.
	Lookback time.Duration
	// DryRun raises nothing.
	DryRun bool
}

// Report is what was found.
type Report struct {
	Orders, Returns, Cancellations int // that were updated in the window
	// Missed are the events that were not received. They are now in the inbox,
	// except after a dry run.
	Missed []*webhook.Event
}

// Run compares a shop with its events and puts those that were missed into the
// inbox. The client is bound to the shop. A second run raises nothing twice.
// If the API refuses one of the three kinds, say for a scope that the app lacks,
// the others are still compared, and the error says so.
func Run(ctx context.Context, shop *ttshop.Client, inbox Inbox, options Options) (Report, error) {
	if options.AppKey == "" || options.ShopID == "" {
		return Report{}, errors.New("reconcile: the app key or the shop id is empty")
	}
	if options.To.IsZero() {
		options.To = time.Now().Add(-5 * time.Minute)
	}
	if options.From.IsZero() {
		options.From = options.To.Add(-24 * time.Hour)
	}
	if !options.From.Before(options.To) {
		return Report{}, fmt.Errorf("reconcile: the window from %s to %s is empty", options.From.Format(time.RFC3339), options.To.Format(time.RFC3339))
	}
	told, err := collect(ctx, inbox, options)
	if err != nil {
		return Report{}, fmt.Errorf("reconcile: reading the received events: %w", err)
	}
	r := run{shop: shop, inbox: inbox, options: options, told: told}
	err = errors.Join(r.orders(ctx), r.returns(ctx), r.cancellations(ctx))
	return r.report, err
}

type run struct {
	shop    *ttshop.Client
	inbox   Inbox
	options Options
	told    map[object]state
	report  Report
}

// object is what a status belongs to.
type object struct {
	typ event.Type
	id  string
}

// state is the latest known state of an object.
type state struct {
	status  string
	updated event.UnixTime // of the object; 0 if its events do not say
	time    time.Time
}

// collect returns what the received events of the shop report.
func collect(ctx context.Context, inbox Inbox, options Options) (map[object]state, error) {
	told := map[object]state{}
	since := options.From.Add(-cmp.Or(options.Lookback, 7*24*time.Hour))
	for e, err := range inbox.Received(ctx, since) {
		if err != nil {
			return nil, err
		}
		if e.ShopID != options.ShopID || e.Meta.AppKey != options.AppKey {
			continue
		}
		typed, err := e.Typed()
		if err != nil {
			continue // it reports nothing; whoever processes it learns why
		}
		var o object
		s := state{time: e.Time()}
		switch typed := typed.(type) {
		case *event.OrderStatusChange:
			o, s.status, s.updated = object{e.Type, typed.Data.OrderID}, orderStatus(string(typed.Data.OrderStatus)), typed.Data.UpdateTime
		case *event.ReturnStatusChange:
			o, s.status, s.updated = object{e.Type, typed.Data.ReturnID}, string(typed.Data.ReturnStatus), typed.Data.UpdateTime
		case *event.CancellationStatusChange:
			o, s.status = object{e.Type, typed.Data.CancelID}, cancelStatus(string(typed.Data.CancelStatus))
		default:
			continue
		}
		if old, ok := told[o]; !ok || !s.time.Before(old.time) {
			told[o] = s
		}
	}
	return told, nil
}

// orderStatus returns a status of the API as events spell it.
func orderStatus(status string) string {
	if status == "CANCELLED" {
		return string(event.OrderStatusCancel)
	}
	return status
}

// cancelStatus returns a status of the API as events spell it.
func cancelStatus(status string) string {
	if status == "CANCELLATION_REQUEST_CANCEL" {
		return string(event.CancelStatusCancellationRequestCancelled)
	}
	return status
}

// missed reports whether no event reported what the API answers.
func (r *run) missed(typ event.Type, id, status string, updated event.UnixTime) bool {
	s, ok := r.told[object{typ, id}]
	switch {
	case !ok:
		return true
	case s.status == status:
		return false
	case s.updated != 0 && s.updated >= updated:
		return false // it is newer than the answer
	case status == "PARTIALLY_SHIPPING":
		return false // there is no event for it
	}
	return true
}

// raise puts an event that was missed into the inbox.
func (r *run) raise(ctx context.Context, typed event.Typed, id, status string, updated event.UnixTime) error {
	head := typed.Head()
	head.Type, head.ShopID, head.Timestamp = typed.Topic(), r.options.ShopID, updated
	body, err := wire.Marshal(typed)
	if err != nil {
		return fmt.Errorf("reconcile: writing an event: %w", err)
	}
	e, err := webhook.Parse(body)
	if err != nil {
		return fmt.Errorf("reconcile: %w", err)
	}
	e.Meta.AppKey = r.options.AppKey
	e.Meta.Key = fmt.Sprintf("%s:reconciled:%s:%s:%s:%d", r.options.AppKey, typed.Topic(), id, status, updated)
	e.Meta.Received = time.Now()
	e.Meta.Reconciled = true
	if !r.options.DryRun {
		if _, err := r.inbox.Put(ctx, e); err != nil {
			return fmt.Errorf("reconcile: raising an event: %w", err)
		}
	}
	r.report.Missed = append(r.report.Missed, e)
	r.told[object{typed.Topic(), id}] = state{status: status, updated: updated} // pages may show it again
	return nil
}
