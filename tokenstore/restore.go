package tokenstore

import (
	"context"
	"errors"
	"log/slog"
)

// note remembers the newest state of the grant that the store is known to have
// had.
func (m *member) note(grant Grant) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.noteLocked(grant)
}

func (m *member) noteLocked(grant Grant) {
	if grant.Version > m.newest.Version || grant.RefreshedAt.After(m.newest.RefreshedAt) {
		m.newest = grant.Clone()
	}
}

// isBehind reports whether the store went back to a state before the newest one
// that this process knows, and returns that.
func (m *member) isBehind(grant Grant) (newest Grant, behind bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := m.newest
	return n, grant.Version < n.Version && n.AuthorizedAt.Equal(grant.AuthorizedAt) && n.RefreshedAt.After(grant.RefreshedAt)
}

// restore puts a token back that the store had and has no longer: a standby that
// lagged took over, or a backup was played in. The store's refresh token may
// have been spent.
func (f *Fleet) restore(ctx context.Context, m *member, grant Grant) (Grant, error) {
	for {
		newest, behind := m.isBehind(grant)
		if !behind {
			m.note(grant)
			return grant, nil
		}
		restored := grant
		restored.Token, restored.RefreshedAt, restored.EndingMark = newest.Token, newest.RefreshedAt, newest.EndingMark
		restored.LostAt, restored.LostReason, restored.Intent = newest.LostAt, newest.LostReason, Intent{}
		version, err := f.store.Save(ctx, restored)
		if errors.Is(err, ErrConflict) {
			if grant, err = f.store.Load(ctx, m.key); err == nil {
				continue
			}
		}
		if err != nil {
			return Grant{}, err
		}
		f.log(slog.LevelWarn, "the store went back in time; its token was put back", slog.String("grant", m.key.String()))
		restored.Version = version
		m.mu.Lock()
		m.newest = restored.Clone()
		m.mu.Unlock()
		return restored, nil
	}
}
