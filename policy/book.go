package policy

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ttshop-go/ttshop/catalog"
)

// Book holds the rules of a store and follows its changes. It is safe for
// concurrent use.
type Book struct {
	store      Store
	operations *Operations
	rules      atomic.Pointer[Rules]

	mu      sync.Mutex // guards what follows, and orders readings
	version string     // that the rules are of
	state   BookState
}

// BookState is how a book stands to its store.
type BookState struct {
	Keys   int       `json:"keys"`            // in force, revoked and expired ones included
	Loaded time.Time `json:"loaded,omitzero"` // when the rules in force were read
	Seen   time.Time `json:"seen,omitzero"`   // when the store was last found to have these rules
	Error  string    `json:"error,omitempty"` // why the rules in force may not be what the store has
}

// Open reads the keys of a store. Where nothing is stored, no key works until
// something is.
func Open(ctx context.Context, store Store, c *catalog.Catalog) (*Book, error) {
	operations, err := NewOperations(c)
	if err != nil {
		return nil, err
	}
	b := &Book{store: store, operations: operations}
	if err := b.Reload(ctx); err != nil {
		return nil, err
	}
	return b, nil
}

// Operations returns the operations that the rules are about.
func (b *Book) Operations() *Operations { return b.operations }

// Rules returns the rules in force. They cost nothing to get: ask for each call.
func (b *Book) Rules() *Rules { return b.rules.Load() }

// State returns how the book stands to its store.
func (b *Book) State() BookState {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state
}

// Reload reads the store. If that fails, or makes no valid rules, the rules in
// force stay, and [Book.State] says why.
func (b *Book) Reload(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	err := b.reload(ctx)
	b.state.Error = ""
	if err != nil {
		b.state.Error = err.Error()
		return err
	}
	b.state.Seen = time.Now()
	return nil
}

// errGone is the error of keys that are not stored any more: whether somebody
// removed them or a disk is not mounted, what they said stays in force.
var errGone = errors.New("policy: the keys are gone from their store; the former ones stay in force")

// reload reads the store. The caller holds the lock.
func (b *Book) reload(ctx context.Context) error {
	data, version, err := b.store.Read(ctx, b.version)
	if err != nil {
		return fmt.Errorf("policy: read the keys: %w", err)
	}
	loaded := b.rules.Load() != nil
	switch {
	case version == "" && b.version != "":
		return errGone
	case loaded && version == b.version:
		return nil
	case data == nil && version != "":
		return errors.New("policy: read the keys: the store gave a new version without its keys")
	}
	d, err := Parse(data)
	if err != nil {
		return err
	}
	rules, err := b.operations.NewRules(d.Keys)
	if err != nil {
		return err
	}
	b.rules.Store(rules)
	b.version = version
	b.state.Keys, b.state.Loaded = rules.Len(), time.Now()
	return nil
}

// Watch reloads the rules in intervals until the context ends. Changed, which may
// be nil, is called after each reading that changed something: the rules in force
// or why they could not be replaced.
func (b *Book) Watch(ctx context.Context, interval time.Duration, changed func(BookState)) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		before := b.State()
		_ = b.Reload(ctx) // the state has it
		after := b.State()
		if changed != nil && ctx.Err() == nil && (after.Loaded != before.Loaded || after.Error != before.Error) {
			changed(after)
		}
	}
}
