package tokenstore

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"
)

// Key names a grant: whom it was given to and who gave it.
type Key struct {
	AppKey string
	OpenID string
}

// String returns app key and open id, joined by a slash.
func (k Key) String() string { return k.AppKey + "/" + k.OpenID }

// Validate returns an error if a part is empty or is not text that every
// database accepts.
func (k Key) Validate() error {
	switch {
	case k.AppKey == "":
		return errors.New("the app key is empty")
	case k.OpenID == "":
		return errors.New("the open id is empty")
	case strings.ContainsRune(k.AppKey+k.OpenID, 0), !utf8.ValidString(k.AppKey + k.OpenID):
		return errors.New("the key is not text")
	}
	return nil
}

// compare orders keys by app key and open id.
func (k Key) compare(other Key) int {
	if c := strings.Compare(k.AppKey, other.AppKey); c != 0 {
		return c
	}
	return strings.Compare(k.OpenID, other.OpenID)
}

// Store keeps grants. It is safe for concurrent use. All methods give up when
// their context ends. Package storetest holds the tests that a store must pass.
type Store interface {
	// Load returns a grant, or [ErrNotFound].
	Load(ctx context.Context, key Key) (Grant, error)

	// Save stores a grant if the stored one still has the version of this one,
	// or none is stored and the version is 0; otherwise nothing is changed and
	// the error is [ErrConflict]. It returns the new version, which no state of
	// this grant had before, not even one that was deleted. When Save returns,
	// the grant is where the store keeps it for good.
	//
	// A grant with an [Intent] reserves space for its result: once it is saved, a
	// save of the same grant without the intent must not fail for lack of space,
	// as far as the store can ensure that. A store that keeps [Grant.RevealJSON]
	// and can overwrite a record with one of the same size does ensure it. Under a
	// lock such a save fails with [ErrLockLost] if the lock is no longer held.
	Save(ctx context.Context, grant Grant) (version int64, err error)

	// Delete removes a grant. Deleting a missing grant is not an error.
	Delete(ctx context.Context, key Key) error

	// List returns the grants of an app, or of all apps if the app key is empty,
	// ordered by app key and open id. If some cannot be read, the error names
	// them, and the others are returned with it.
	List(ctx context.Context, appKey string) ([]Grant, error)

	// Lock waits until it has the lock of a key and holds it until unlock is
	// called or the process ends, however it ends. The lock excludes other
	// holders everywhere: in this process, in others and, if machines share the
	// store, on all of them. It blocks no other method and needs no stored grant.
	// A holder of one lock must not wait for another.
	//
	// Use the returned context for calls under the lock: a store may serve them
	// over the connection that holds it. It ends with unlock, which may be called
	// more than once, and if the lock is lost, for example with the session of a
	// database; its cause is then [ErrLockLost]. It may also end with ctx, which
	// does not free the lock. An implementation that waits for a lock must not
	// hold what others need to make progress, such as one of few connections.
	Lock(ctx context.Context, key Key) (held context.Context, unlock func(), err error)

	// Close frees what the store holds. It is called once, when nothing else is
	// under way.
	Close() error
}

// FirmLocker is a [Store] that can tell whether its locks last until unlock or the
// end of their process, as locks of the operating system do. Those of other stores
// may be lost while their holder is alive and about to save: a process that finds
// an [Intent] there waits some seconds to see whether its owner is still at work.
type FirmLocker interface {
	// LocksAreFirm reports whether no lock is lost while its process lives.
	LocksAreFirm() bool
}

// Put stores a grant in place of whatever the store has under its key, as an
// import does, and returns it with its new version.
func Put(ctx context.Context, store Store, grant Grant) (Grant, error) {
	return put(ctx, store, grant.Key, func(Grant) Grant { return grant })
}

// put stores the replacement of a grant, or of none. It holds the lock, so that no
// refresh of the older token comes in between.
func put(ctx context.Context, store Store, key Key, replace func(old Grant) Grant) (Grant, error) {
	locked, unlock, err := store.Lock(ctx, key)
	if err != nil {
		return Grant{}, err
	}
	defer unlock()
	for {
		old, err := store.Load(locked, key)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return Grant{}, err
		}
		grant := replace(old)
		grant.Version = old.Version
		grant.Version, err = store.Save(locked, grant)
		if errors.Is(err, ErrConflict) {
			continue
		}
		return grant, err
	}
}

// Rotator is a [Store] that can reseal everything it holds with a new key.
type Rotator interface {
	// Rotate seals every grant with the first key of the store's [Keys] and
	// returns how many were sealed with another one. Versions stay as they
	// are. It may be repeated after an error.
	Rotate(ctx context.Context) (int, error)
}

// The errors that stores have in common, for [errors.Is]. None of them means that
// something was overwritten.
var (
	// ErrNotFound: the store has no such grant or shop.
	ErrNotFound = errors.New("not found")
	// ErrConflict: somebody else saved or deleted the grant; load it again.
	ErrConflict = errors.New("the grant was changed by somebody else; load it again")
	// ErrLockLost: the lock under which something was to be saved is no longer
	// held, because its connection ended.
	ErrLockLost = errors.New("the lock is no longer held")
	// ErrReadOnly: the store, or the disk below it, cannot be written.
	ErrReadOnly = errors.New("the store is read-only")
	// ErrFull: there is no room left.
	ErrFull = errors.New("the store is full")
	// ErrCorrupt: what is stored is damaged or is not a token store.
	ErrCorrupt = errors.New("the store is damaged")
	// ErrNewerVersion: a newer version of this software wrote the store.
	ErrNewerVersion = errors.New("the store was written by a newer version; update this program")
	// ErrWrongKey: no key at hand opens what is stored.
	ErrWrongKey = errors.New("the key does not open the store")
	// ErrPermission: the store may not be opened, or others may read it.
	ErrPermission = errors.New("the permissions of the store are wrong")
)
