package tokenstore

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/oauth"
)

// How old the index of shops may be.
const (
	indexAge = time.Minute // before it is read again, in the background
	missAge  = time.Second // before it is read again because a shop is missing
)

// readTimeout bounds a reading of all grants.
const readTimeout = time.Minute

// shopsPath lists the shops that a token reaches; it takes no shop cipher.
const shopsPath = "/authorization/202309/shops"

// GrantedShop is a shop and the grant that reaches it.
type GrantedShop struct {
	Shop
	Key  Key
	Lost bool // the grant is lost: its calls fail once the access token ends
}

// index is what the store held at one time, ready for lookups. It does not
// change.
type index struct {
	at     time.Time
	grants map[Key]Grant
	shops  []GrantedShop
	byRef  map[string]GrantedShop // by id, cipher and code
	byName map[string]GrantedShop // zero where several shops have the name
	err    error                  // about grants that cannot be read
}

// Shops returns every shop of every grant, as the store has them now. A shop
// that several grants reach is listed with each.
func (f *Fleet) Shops(ctx context.Context) ([]GrantedShop, error) {
	grants, err := f.Grants(ctx)
	if err != nil && len(grants) == 0 {
		return nil, err
	}
	return newIndex(grants, f.now()).shops, err
}

// Shop returns a client for the shop with this id, cipher or code. The client is
// safe to keep; its token stays fresh. If no grant reaches the shop, the error is
// [ErrNotFound]. If several do, one that is not lost is used, preferably the one
// with the newest token.
func (f *Fleet) Shop(ctx context.Context, ref string) (*ttshop.Client, error) {
	reach, err := f.reach(ctx, ref, func(idx *index) (GrantedShop, bool) {
		shop, ok := idx.byRef[ref]
		return shop, ok
	})
	return reach.Client, err
}

// Reach is how calls for a shop, or for a user, are made.
type Reach struct {
	Client *ttshop.Client // bound to the shop, if there is one
	Key    Key            // of the grant
	Shop   Shop           // zero where a user was asked for
	Shops  []Shop         // all shops of the grant; not to be changed
}

// Reach is [Fleet.Shop] for somebody who also has to know which shop that is. The
// reference may also be the name of a shop that no other shop has.
func (f *Fleet) Reach(ctx context.Context, ref string) (Reach, error) {
	return f.reach(ctx, ref, func(idx *index) (GrantedShop, bool) {
		shop, ok := idx.byRef[ref]
		if !ok {
			shop, ok = idx.byName[ref]
			ok = ok && shop.ID != ""
		}
		return shop, ok
	})
}

// ReachUser returns how calls for the user with an open id are made who is a creator
// or a partner, or a seller in calls that name no shop.
func (f *Fleet) ReachUser(ctx context.Context, openID string) (Reach, error) {
	key := f.Key(openID)
	m, err := f.member(ctx, key)
	if err != nil {
		return Reach{}, err
	}
	reach := Reach{Client: m.client, Key: key}
	if idx := f.index.Load(); idx != nil {
		reach.Shops = idx.grants[key].Shops
	}
	return reach, nil
}

// reach finds a shop in the index, which is read again if that is due.
func (f *Fleet) reach(ctx context.Context, ref string, find func(*index) (GrantedShop, bool)) (Reach, error) {
	asked := f.now()
	idx := f.index.Load()
	if idx == nil {
		var err error
		if idx, err = f.read(ctx, asked); err != nil {
			return Reach{}, err
		}
	}
	shop, ok := find(idx)
	if !ok && asked.Sub(idx.at) >= missAge {
		var err error
		if idx, err = f.read(ctx, asked); err != nil {
			return Reach{}, err
		}
		shop, ok = find(idx)
	}
	if !ok {
		return Reach{}, fmt.Errorf("tokenstore: no grant of app %s reaches a shop with the id, cipher or code %q: %w", f.app.Key, ref, ErrNotFound)
	}
	if asked.Sub(idx.at) >= indexAge {
		f.readInBackground(asked)
	}
	m, err := f.member(ctx, shop.Key)
	if err != nil {
		return Reach{}, err
	}
	return Reach{Client: m.client.Shop(shop.Cipher).WithShopID(shop.ID), Key: shop.Key, Shop: shop.Shop, Shops: idx.grants[shop.Key].Shops}, nil
}

// SyncShops fetches the shops of a seller's grant and stores them.
func (f *Fleet) SyncShops(ctx context.Context, key Key) (Grant, error) {
	m, err := f.member(ctx, key)
	if err != nil {
		return Grant{}, err
	}
	response, err := m.client.Call(ctx, "GET", shopsPath, nil, nil)
	if err != nil {
		return Grant{}, failed("fetch the shops of", key, err)
	}
	var data struct {
		Shops []Shop `json:"shops"`
	}
	if err := response.Decode(&data); err != nil {
		return Grant{}, failed("fetch the shops of", key, err)
	}
	at := f.now()
	grant, err := f.change(ctx, key, func(g *Grant) bool {
		g.Shops, g.ShopsAt = data.Shops, at
		return true
	})
	if err != nil {
		return Grant{}, failed("store the shops of", key, err)
	}
	if idx := f.index.Load(); idx != nil {
		old := *idx
		old.at = time.Time{} // to be read again
		f.index.Store(&old)
	}
	return grant, nil
}

// read reads the index from the store, unless somebody else has done so since
// it was asked for.
func (f *Fleet) read(ctx context.Context, asked time.Time) (*index, error) {
	select {
	case f.reading <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("tokenstore: wait for the list of shops: %w", context.Cause(ctx))
	}
	defer func() { <-f.reading }()
	if idx := f.index.Load(); idx != nil && idx.at.After(asked) {
		return idx, nil
	}
	idx, _, err := f.readGrants(ctx)
	return idx, err
}

// readGrants lists the grants, and makes their state known in this process: shops,
// tokens that others refreshed, authorizations that are about to end. The caller
// holds f.reading.
func (f *Fleet) readGrants(ctx context.Context) (*index, []Grant, error) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	at := f.now()
	grants, err := f.Grants(ctx)
	if err != nil && len(grants) == 0 {
		return nil, nil, err
	}
	if err != nil { // one grant that cannot be read must not stop the others
		f.log(slog.LevelError, "grants that cannot be read", slog.String("error", err.Error()))
	}
	idx := newIndex(grants, at)
	idx.err = err
	f.index.Store(idx)
	for _, grant := range grants {
		if m := f.inUse(grant.Key); m != nil {
			m.source.Adopt(grant.issued())
		}
		if markDue(grant, at) != 0 {
			f.noteEnding(ctx, grant.Key)
		}
	}
	return idx, grants, nil
}

// readInBackground reads the index unless a read is under way.
func (f *Fleet) readInBackground(asked time.Time) {
	select {
	case f.reading <- struct{}{}:
	default:
		return
	}
	if idx := f.index.Load(); idx != nil && idx.at.After(asked) || !f.begin() {
		<-f.reading
		return
	}
	go func() {
		defer f.work.Done()
		defer func() { <-f.reading }()
		if _, _, err := f.readGrants(f.ending); err != nil {
			f.log(slog.LevelWarn, "the list of shops could not be read", slog.String("error", err.Error()))
			// What is known is kept, and an unavailable store is not asked by
			// every call.
			if idx := f.index.Load(); idx != nil {
				old := *idx
				old.at = f.now()
				f.index.Store(&old)
			}
		}
	}()
}

// markDue returns the mark before the end of an authorization that has to be
// reported, or 0.
func markDue(grant Grant, now time.Time) int {
	mark := oauth.EndingMark(grant.Token, now)
	if mark == 0 || grant.Lost() || grant.EndingMark != 0 && mark >= grant.EndingMark {
		return 0
	}
	return mark
}

// noteEnding reports that an authorization is about to end, in whichever process
// saves the mark first.
func (f *Fleet) noteEnding(ctx context.Context, key Key) {
	mark := 0
	grant, err := f.change(ctx, key, func(g *Grant) bool {
		if mark = markDue(*g, f.now()); mark != 0 {
			g.EndingMark = mark
		}
		return mark != 0
	})
	if err != nil { // the next reading tries again
		f.log(slog.LevelWarn, "the end of an authorization could not be noted", slog.String("grant", key.String()), slog.String("error", err.Error()))
		return
	}
	if mark == 0 {
		return
	}
	f.log(slog.LevelWarn, "authorization ends soon", slog.String("grant", key.String()), slog.Int("days", mark))
	if hook := f.config.OnEnding; hook != nil {
		f.hooks.call(func() { hook(grant.Clone(), mark) })
	}
}

func newIndex(grants []Grant, at time.Time) *index {
	idx := &index{at: at, grants: map[Key]Grant{}, byRef: map[string]GrantedShop{}}
	for _, grant := range grants {
		idx.grants[grant.Key] = grant
		for _, shop := range grant.Shops {
			idx.shops = append(idx.shops, GrantedShop{shop, grant.Key, grant.Lost()})
		}
	}
	// Ids come last, so that no cipher or code can take their place.
	for _, ref := range []func(Shop) string{
		func(s Shop) string { return s.Code },
		func(s Shop) string { return s.Cipher },
		func(s Shop) string { return s.ID },
	} {
		mine := map[string]GrantedShop{}
		for _, shop := range idx.shops {
			name := ref(shop.Shop)
			other, taken := mine[name]
			if name != "" && (!taken || idx.better(shop, other)) {
				mine[name] = shop
			}
		}
		maps.Copy(idx.byRef, mine)
	}
	idx.byName = map[string]GrantedShop{}
	for _, shop := range idx.shops {
		if shop.Name == "" {
			continue
		}
		// The same shop of several grants is one, reached as by its id.
		other, taken := idx.byName[shop.Name]
		if taken && other.ID != shop.ID {
			idx.byName[shop.Name] = GrantedShop{}
			continue
		}
		idx.byName[shop.Name] = idx.byRef[shop.ID]
	}
	return idx
}

// better reports whether a's grant is to be used for a shop rather than b's.
func (idx *index) better(a, b GrantedShop) bool {
	if a.Lost != b.Lost {
		return !a.Lost
	}
	return idx.grants[a.Key].RefreshedAt.After(idx.grants[b.Key].RefreshedAt)
}

// ShopID returns the id of the shop with a cipher as far as this process knows it,
// and nothing otherwise.
func (f *Fleet) ShopID(cipher string) string {
	if idx := f.index.Load(); idx != nil {
		return idx.byRef[cipher].ID
	}
	return ""
}
