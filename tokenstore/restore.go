package tokenstore

import (
	"context"
	"errors"
	"log/slog"
)

// note remembers the newest known state of the grant in the store.
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

// isBehind reports whether the store went back to a state older than the newest
// one that this process knows, and returns the newest.
func (m *member) isBehind(grant Grant) (newest Grant, behind bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := m.newest
	return n, grant.Version < n.Version && n.AuthorizedAt.Equal(grant.AuthorizedAt) && n.RefreshedAt.After(grant.RefreshedAt)
}

// restore puts a token back that the store had but has no longer, because a
// lagging standby took over or a backup was restored. The store's refresh token
// may have been spent.
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
