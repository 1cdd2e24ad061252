package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// snapshotFormat is the version of the layout of a snapshot.
const snapshotFormat = 1

// shopsBefore is how many shops the first snapshots have: those of a world without
// the last one.
const shopsBefore = 4

// maxSnapshotBody bounds a snapshot that is restored. Uploaded images, which
// are kept up to maxImageBytes, make the most of it.
const maxSnapshotBody = 256 << 20

// worldParts are the pieces of the world that its shops share.
func worldParts(r *gate.Registry, w *world.World) []keep.Part {
	parts := []keep.Part{w.SellersPart(), w.OwnersPart()}
	for _, of := range r.WorldParts {
		parts = append(parts, of(w))
	}
	return parts
}

// shopParts are the pieces of a shop.
func shopParts(r *gate.Registry, s *world.Shop) []keep.Part {
	parts := []keep.Part{
		keep.Plain("shop", &s.Identity),
		keep.Plain("owner", &s.Owner),
		keep.Plain("ids", &s.IDs),
		s.WarehousesPart(),
	}
	for _, of := range r.ShopParts {
		parts = append(parts, of(s))
	}
	return parts
}

// restored rebuilds what follows from the parts of a shop.
func restored(r *gate.Registry, s *world.Shop) {
	s.Market = market.RegionOf(s.Region)
	for _, follow := range r.Restores {
		follow(s)
	}
	s.SetDue()
}

// checkWorld checks a world all of whose parts are loaded.
func checkWorld(r *gate.Registry, w *world.World) error {
	for i, s := range w.Shops {
		for _, check := range append([]func(*world.Shop) error{(*world.Shop).Check}, r.ShopChecks...) {
			if err := check(s); err != nil {
				return keep.Placed(fmt.Sprintf("shops[%d]", i), err)
			}
		}
	}
	for _, check := range r.WorldChecks {
		if err := check(w); err != nil {
			return keep.Placed("world", err)
		}
	}
	return nil
}

// snapshot is the document. Parts stand in it sorted by name, so that equal
// states give equal bytes.
type snapshot struct {
	Format   int                          `json:"format"`
	Seed     uint64                       `json:"seed"`
	Born     time.Time                    `json:"born"`
	Clock    json.RawMessage              `json:"clock"`
	Requests uint64                       `json:"requests"` // answered so far; numbers the next one
	Sandbox  map[string]json.RawMessage   `json:"sandbox"`
	World    map[string]json.RawMessage   `json:"world"`
	Shops    []map[string]json.RawMessage `json:"shops"`
}

// sandboxParts are the pieces that belong to the sandbox rather than to its
// world. Snapshots have lists only where a switch was turned, so that all others
// stay what they were before there were any.
func sandboxParts(st *gate.State, f *gate.Faults, l *gate.Limiter, k *gate.ListKeeper) []keep.Part {
	parts := []keep.Part{
		st.Authority.Part(st.World),
		f.Part(),
		l.Part(),
	}
	if k != nil {
		parts = append(parts, k.Part())
	}
	return parts
}

// appendParts appends the pieces as an object, sorted by their names.
func appendParts(b []byte, parts []keep.Part) []byte {
	slices.SortFunc(parts, func(a, b keep.Part) int { return strings.Compare(a.Name, b.Name) })
	b = append(b, '{')
	for i, p := range parts {
		if i > 0 {
			b = append(b, ',')
		}
		b = gate.AppendString(b, p.Name)
		b = append(b, ':')
		b = gate.AppendJSON(b, p.Save())
	}
	return append(b, '}')
}

func loadParts(parts []keep.Part, saved map[string]json.RawMessage) error {
	for name := range saved {
		if !slices.ContainsFunc(parts, func(p keep.Part) bool { return p.Name == name }) {
			return fmt.Errorf("there is no part %q", name)
		}
	}
	for _, p := range parts {
		raw, ok := saved[p.Name]
		switch {
		case !ok && p.Later:
			continue
		case !ok:
			return fmt.Errorf("part %q is missing", p.Name)
		}
		if err := p.Load(raw); err != nil {
			return keep.Placed(p.Name, err)
		}
	}
	return nil
}

// Snapshot returns everything that requests and the control API can change, as
// JSON that [Sandbox.Restore] takes; equal states give equal bytes. App secrets
// and tokens stand in it. The request log is not state: it tells what happened,
// not what is.
func (s *Sandbox) Snapshot() []byte {
	s.gate.Changing.Lock()
	defer s.gate.Changing.Unlock()
	st := s.gate.State.Load()
	lists := &s.gate.Lists
	if lists.Plain() {
		lists = nil
	}
	// The document is put together by hand: its parts are megabytes, which
	// encoding/json would read once more.
	b := gate.AppendJSON([]byte(`{"format":`), snapshotFormat)
	b = gate.AppendJSON(append(b, `,"seed":`...), st.World.Seed)
	b = gate.AppendJSON(append(b, `,"born":`...), st.Born)
	b = gate.AppendJSON(append(b, `,"clock":`...), *s.gate.Clock.State.Load())
	b = gate.AppendJSON(append(b, `,"requests":`...), st.IDs.Count.Load())
	b = appendParts(append(b, `,"sandbox":`...), sandboxParts(st, &s.gate.Faults, &s.gate.Limiter, lists))
	b = appendParts(append(b, `,"world":`...), worldParts(s.gate.Registry, st.World))
	b = append(b, `,"shops":[`...)
	for i, shop := range st.World.Shops {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendParts(b, shopParts(s.gate.Registry, shop))
	}
	return append(b, "]}"...)
}

// Restore replaces the whole state by that of a snapshot, whatever the seed of
// this sandbox, or changes nothing and says why. A clock that ran goes on from
// the present: the time that the snapshot lay by has passed.
func (s *Sandbox) Restore(raw []byte) error {
	if err := s.replace(raw); err != nil {
		return err
	}
	s.notifier.DeliverDue()
	return nil
}

func (s *Sandbox) replace(raw []byte) error {
	var given snapshot
	if err := keep.Decode(raw, &given); err != nil {
		return fmt.Errorf("reading the snapshot: %w", err)
	}
	if given.Format != snapshotFormat {
		return fmt.Errorf("the snapshot has format %d, this sandbox knows %d", given.Format, snapshotFormat)
	}
	var clock world.ClockState
	if given.Clock == nil {
		return keep.Placed("clock", keep.ErrMissing)
	}
	if err := clock.UnmarshalJSON(given.Clock); err != nil {
		return keep.Placed("clock", err)
	}
	s.gate.Changing.Lock()
	defer s.gate.Changing.Unlock()
	next := s.newState(given.Seed, given.Born)
	next.IDs.Count.Store(given.Requests)
	if len(given.Shops) == shopsBefore { // it goes on without the shop in Brazil
		next.World.Shops = next.World.Shops[:shopsBefore]
	}
	if len(given.Shops) != len(next.World.Shops) {
		return fmt.Errorf("the snapshot has %d shops, not %d", len(given.Shops), len(next.World.Shops))
	}
	// The shops come first: other parts refer to them.
	for i, shop := range next.World.Shops {
		seeded := shop.Identity
		if err := loadParts(shopParts(s.gate.Registry, shop), given.Shops[i]); err != nil {
			return keep.Placed(fmt.Sprintf("shops[%d]", i), err)
		}
		if shop.ID != seeded.ID || shop.Region != seeded.Region {
			return keep.Placed(fmt.Sprintf("shops[%d].shop", i), fmt.Errorf("is %.40q in %.40q, the seed %d makes %q in %q", shop.ID, shop.Region, given.Seed, seeded.ID, seeded.Region))
		}
		restored(s.gate.Registry, shop)
	}
	if err := loadParts(worldParts(s.gate.Registry, next.World), given.World); err != nil {
		return keep.Placed("world", err)
	}
	if err := checkWorld(s.gate.Registry, next.World); err != nil {
		return err
	}
	var f gate.Faults
	var l gate.Limiter
	var lists gate.ListKeeper // those of a snapshot from before there were any
	if err := loadParts(sandboxParts(next, &f, &l, &lists), given.Sandbox); err != nil {
		return keep.Placed("sandbox", err)
	}
	s.gate.Faults.Adopt(&f)
	s.gate.Limiter.Reset(l.Throttle)
	s.gate.Lists.Reset(lists.Get())
	s.gate.Clock.Restore(clock)
	s.gate.State.Store(next)
	return nil
}

func (s *Sandbox) getSnapshot(w http.ResponseWriter, _ *http.Request) {
	gate.WriteJSON(w, http.StatusOK, s.Snapshot())
}

func (s *Sandbox) putSnapshot(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxSnapshotBody))
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		gate.ControlError(w, http.StatusRequestEntityTooLarge, tooLarge.Error())
		return
	}
	if err != nil {
		gate.ControlError(w, http.StatusBadRequest, "the body ended early")
		return
	}
	if err := s.Restore(raw); err != nil {
		gate.ControlError(w, http.StatusBadRequest, err.Error())
		return
	}
	gate.ControlAnswer(w, http.StatusOK, struct{}{})
}
