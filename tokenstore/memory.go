package tokenstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Memory is a [Store] that forgets everything when its process ends: for tests and
// for programs that get a new token each time. The zero value is empty and ready.
type Memory struct {
	mu     sync.Mutex
	grants map[Key]Grant
	locks  map[Key]chan struct{} // holds one value while the lock is held
}

// Load implements [Store].
func (m *Memory) Load(ctx context.Context, key Key) (Grant, error) {
	if err := ctx.Err(); err != nil {
		return Grant{}, failed("load", key, err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	grant, ok := m.grants[key]
	if !ok {
		return Grant{}, failed("load", key, ErrNotFound)
	}
	return grant.Clone(), nil
}

// Save implements [Store].
func (m *Memory) Save(ctx context.Context, grant Grant) (int64, error) {
	if err := errors.Join(ctx.Err(), grant.Key.Validate()); err != nil {
		return 0, failed("save", grant.Key, err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.grants[grant.Key].Version != grant.Version {
		return 0, failed("save", grant.Key, ErrConflict)
	}
	if m.grants == nil {
		m.grants = map[Key]Grant{}
	}
	grant = grant.Clone()
	grant.Version = NextVersion(grant.Version)
	grant.Token.OpenID = grant.OpenID
	for _, t := range []*time.Time{
		&grant.Token.AccessTokenExpiresAt, &grant.Token.RefreshTokenExpiresAt,
		&grant.AuthorizedAt, &grant.RefreshedAt, &grant.ShopsAt, &grant.LostAt, &grant.Intent.At,
	} {
		*t = stored(*t)
	}
	m.grants[grant.Key] = grant
	return grant.Version, nil
}

// Delete implements [Store].
func (m *Memory) Delete(ctx context.Context, key Key) error {
	if err := ctx.Err(); err != nil {
		return failed("delete", key, err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.grants, key)
	return nil
}

// List implements [Store].
func (m *Memory) List(ctx context.Context, appKey string) ([]Grant, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("tokenstore: list grants: %w", err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var grants []Grant
	for _, grant := range m.grants {
		if appKey == "" || grant.AppKey == appKey {
			grants = append(grants, grant.Clone())
		}
	}
	sortGrants(grants)
	return grants, nil
}

// Lock implements [Store].
func (m *Memory) Lock(ctx context.Context, key Key) (context.Context, func(), error) {
	if err := errors.Join(ctx.Err(), key.Validate()); err != nil {
		return nil, nil, failed("lock", key, err)
	}
	m.mu.Lock()
	if m.locks == nil {
		m.locks = map[Key]chan struct{}{}
	}
	lock := m.locks[key]
	if lock == nil {
		lock = make(chan struct{}, 1)
		m.locks[key] = lock
	}
	m.mu.Unlock()
	select {
	case lock <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, failed("lock", key, context.Cause(ctx))
	}
	held, cancel := context.WithCancel(ctx)
	return held, sync.OnceFunc(func() { cancel(); <-lock }), nil
}

// LocksAreFirm implements [FirmLocker].
func (m *Memory) LocksAreFirm() bool { return true }

// Close implements [Store]. The grants stay.
func (m *Memory) Close() error { return nil }

// NextVersion returns the version that follows another, for stores that keep it as
// a number: 0 is followed by one that was never used before, unless the clock runs
// backwards.
func NextVersion(version int64) int64 {
	if version == 0 {
		return time.Now().UnixMicro()
	}
	return version + 1
}

func sortGrants(grants []Grant) {
	slices.SortFunc(grants, func(a, b Grant) int { return a.Key.compare(b.Key) })
}

// failed says what failed, and about which grant.
func failed(doing string, key Key, err error) error {
	return fmt.Errorf("tokenstore: %s grant %s: %w", doing, key, err)
}
