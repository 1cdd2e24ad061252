package hooks

import (
	"context"
	"errors"
	"fmt"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// registration has deliveries sent here.
type registration interface {
	// register sets the address. The function that it returns, never nil, puts
	// the former one back; it works after ctx has ended.
	register(ctx context.Context, url string) (restore func() error, err error)
	// where says what was registered where, for people.
	where() string
}

// registration returns how the listener is registered, or nil if it is not. It
// asks whether a real shop may be changed.
func (o *listenOptions) registration(ctx context.Context, sys *platform.Session, in *field.Inputs, from *receiver) (registration, error) {
	switch {
	case from.sandbox != nil:
		return &atSandbox{from.sandbox, o.types}, nil
	case o.Register == "":
		return nil, nil
	}
	types := subscribable(o.types)
	if len(types) == 0 {
		return nil, console.Usagef("--events %s: only the app has an address for these; set it in Partner Center", topicList(o.types))
	}
	api, err := openWebhooks(&o.ShopFlags, sys, in)
	if err != nil {
		return nil, err
	}
	if err := api.checkAddress("--register", o.Register); err != nil {
		return nil, err
	}
	if !o.Yes {
		if err := o.Consent(ctx, sys, "registering "+o.Register, platform.TakesStdin(o.Readers())); err != nil {
			return nil, err
		}
	}
	notes, err := platform.RegisteredFile(sys, from.key, api.shop)
	if err != nil {
		return nil, err
	}
	return &atShop{sys: sys, api: api, url: o.Register, types: types, notes: notes}, nil
}

// atSandbox registers the listener at a sandbox, as the app's address.
type atSandbox struct {
	sandbox *platform.LocalSandbox
	types   []event.Type
}

func (r *atSandbox) where() string { return "at the sandbox " + r.sandbox.URL }

func (r *atSandbox) register(ctx context.Context, url string) (func() error, error) {
	nothing := func() error { return nil }
	former, err := r.sandbox.Webhook(ctx)
	if err != nil {
		return nothing, fmt.Errorf("register at the sandbox: %w", r.sandbox.Explain(err))
	}
	mine := control.AppWebhook{Address: url}
	for _, t := range r.types {
		mine.Types = append(mine.Types, int(t))
	}
	if err := r.sandbox.SetWebhook(ctx, mine); err != nil {
		return nothing, fmt.Errorf("register at the sandbox: %w", r.sandbox.Explain(err))
	}
	return func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), restoreTime)
		defer cancel()
		return r.restore(ctx, url, former)
	}, nil
}

// restore puts the former address back unless somebody has set another one. For a
// sandbox that has ended there is nothing to do.
func (r *atSandbox) restore(ctx context.Context, url string, former control.AppWebhook) error {
	now, err := r.sandbox.Webhook(ctx)
	var refused *control.Error
	if err != nil && !errors.As(err, &refused) {
		return nil
	}
	if err == nil && now.Address != url {
		return nil
	}
	if former.Address == "" {
		err = r.sandbox.RemoveWebhook(ctx)
	} else {
		err = r.sandbox.SetWebhook(ctx, former)
	}
	if err != nil {
		return fmt.Errorf("put the former address back at the sandbox: %w", r.sandbox.Explain(err))
	}
	return nil
}

// atShop registers a public address as that of the shop, for each type.
type atShop struct {
	sys   *platform.Session
	api   *shopWebhooks
	url   string
	types []event.Type
	notes string // file that remembers the former addresses
}

func (r *atShop) where() string {
	return fmt.Sprintf("%s, for %s of the shop", r.url, console.Count(len(r.types), "type"))
}

func (r *atShop) register(ctx context.Context, _ string) (func() error, error) {
	nothing := func() error { return nil }
	list, err := r.api.list(ctx)
	if err != nil {
		return nothing, fmt.Errorf("ask for the former addresses: %w", err)
	}
	former := map[string]string{}
	for _, w := range list {
		former[w.Topic] = w.Address
	}
	if err := platform.ForgetOwn(r.notes, r.api.shop, former); err != nil {
		return nothing, err
	}
	if err := platform.WriteRegistered(r.notes, platform.Registered{Shop: r.api.shop, Address: r.url, Former: former}); err != nil {
		return nothing, err
	}
	var set []event.Type
	restore := func() error { return r.restore(ctx, set, former) }
	for _, t := range r.types {
		if err := r.api.set(ctx, t, r.url); err != nil {
			return restore, fmt.Errorf("register %s: %w", t, err)
		}
		set = append(set, t)
	}
	return restore, nil
}

// restore puts the former addresses back. If that fails, it says how to do it by
// hand.
func (r *atShop) restore(ctx context.Context, set []event.Type, former map[string]string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 4*restoreTime)
	defer cancel()
	var failed error
	var byHand []string
	for _, t := range set {
		err, command := r.api.remove(ctx, t), "ttshop webhooks delete "+t.String()
		if address := former[t.String()]; address != "" {
			err, command = r.api.set(ctx, t, address), "ttshop webhooks set "+t.String()+" "+console.ShellWord(address)
		}
		if err != nil {
			failed = err
			byHand = append(byHand, command)
		}
	}
	if failed == nil {
		return platform.RemoveFile(r.notes)
	}
	text := "the former addresses of " + console.Count(len(byHand), "type") + " could not be restored; run"
	for _, command := range byHand {
		text += "\n  " + command
	}
	return fmt.Errorf("%s\n%w", text, failed)
}
