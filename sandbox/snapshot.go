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
)

// snapshotFormat is the version of the layout of a snapshot.
const snapshotFormat = 1

// maxSnapshotBody bounds a snapshot that is restored. Uploaded images, which
// are kept up to maxImageBytes, make the most of it.
const maxSnapshotBody = 256 << 20

// worldParts are the pieces of the world that its shops share.
func worldParts(r *registry, w *world) []part {
	parts := []part{w.sellersPart(), w.ownersPart()}
	for _, of := range r.worldParts {
		parts = append(parts, of(w))
	}
	return parts
}

// shopParts are the pieces of a shop.
func shopParts(r *registry, s *shop) []part {
	parts := []part{
		plain("shop", &s.identity),
		plain("owner", &s.owner),
		plain("ids", &s.ids),
		s.warehousesPart(),
	}
	for _, of := range r.shopParts {
		parts = append(parts, of(s))
	}
	return parts
}

// restored rebuilds what follows from the parts of a shop.
func restored(s *shop) {
	s.region = regionOf(s.Region)
	s.setDue()
}

// snapshot is the document. Parts stand in it sorted by name, so that equal
// states give equal bytes.
type snapshot struct {
	Format   int                          `json:"format"`
	Seed     uint64                       `json:"seed"`
	Born     time.Time                    `json:"born"`
	Clock    clockState                   `json:"clock"`
	Requests uint64                       `json:"requests"` // answered so far; numbers the next one
	Sandbox  map[string]json.RawMessage   `json:"sandbox"`
	World    map[string]json.RawMessage   `json:"world"`
	Shops    []map[string]json.RawMessage `json:"shops"`
}

// sandboxParts are the pieces that belong to the sandbox rather than to its
// world.
func sandboxParts(st *state, f *faults, l *limiter) []part {
	return []part{
		st.authority.part(st.world),
		f.part(),
		l.part(),
	}
}

// appendParts appends the pieces as an object, sorted by their names.
func appendParts(b []byte, parts []part) []byte {
	slices.SortFunc(parts, func(a, b part) int { return strings.Compare(a.name, b.name) })
	b = append(b, '{')
	for i, p := range parts {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, p.name)
		b = append(b, ':')
		b = appendJSON(b, p.save())
	}
	return append(b, '}')
}

func loadParts(parts []part, saved map[string]json.RawMessage) error {
	for name := range saved {
		if !slices.ContainsFunc(parts, func(p part) bool { return p.name == name }) {
			return fmt.Errorf("there is no part %q", name)
		}
	}
	for _, p := range parts {
		raw, ok := saved[p.name]
		if !ok {
			return fmt.Errorf("part %q is missing", p.name)
		}
		if err := p.load(raw); err != nil {
			return placed(p.name, err)
		}
	}
	return nil
}

// Snapshot returns everything that requests and the control API can change, as
// JSON that [Sandbox.Restore] takes; equal states give equal bytes. App secrets
// and tokens stand in it. The request log is no state: it tells what happened,
// not what is.
func (s *Sandbox) Snapshot() []byte {
	s.gate.changing.Lock()
	defer s.gate.changing.Unlock()
	st := s.gate.state.Load()
	// The document is put together by hand: its parts are megabytes, which
	// encoding/json would read once more.
	b := appendJSON([]byte(`{"format":`), snapshotFormat)
	b = appendJSON(append(b, `,"seed":`...), st.world.seed)
	b = appendJSON(append(b, `,"born":`...), st.born)
	b = appendJSON(append(b, `,"clock":`...), *s.gate.clock.state.Load())
	b = appendJSON(append(b, `,"requests":`...), st.ids.count.Load())
	b = appendParts(append(b, `,"sandbox":`...), sandboxParts(st, &s.gate.faults, &s.gate.limiter))
	b = appendParts(append(b, `,"world":`...), worldParts(s.gate.registry, st.world))
	b = append(b, `,"shops":[`...)
	for i, shop := range st.world.shops {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendParts(b, shopParts(s.gate.registry, shop))
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
	s.notifier.deliverDue()
	return nil
}

func (s *Sandbox) replace(raw []byte) error {
	var given snapshot
	if err := unmarshal(raw, &given); err != nil {
		return fmt.Errorf("reading the snapshot: %w", err)
	}
	if given.Format != snapshotFormat {
		return fmt.Errorf("the snapshot has format %d, this sandbox knows %d", given.Format, snapshotFormat)
	}
	s.gate.changing.Lock()
	defer s.gate.changing.Unlock()
	next := s.newState(given.Seed, given.Born)
	next.ids.count.Store(given.Requests)
	if len(given.Shops) != len(next.world.shops) {
		return fmt.Errorf("the snapshot has %d shops, not %d", len(given.Shops), len(next.world.shops))
	}
	// The shops come first: other parts refer to them.
	for i, shop := range next.world.shops {
		if err := loadParts(shopParts(s.gate.registry, shop), given.Shops[i]); err != nil {
			return placed(fmt.Sprintf("shops[%d]", i), err)
		}
		restored(shop)
	}
	if err := loadParts(worldParts(s.gate.registry, next.world), given.World); err != nil {
		return placed("world", err)
	}
	var f faults
	var l limiter
	if err := loadParts(sandboxParts(next, &f, &l), given.Sandbox); err != nil {
		return placed("sandbox", err)
	}
	s.gate.faults.adopt(&f)
	s.gate.limiter.reset(l.throttle)
	s.gate.clock.restore(given.Clock)
	s.gate.state.Store(next)
	return nil
}

func (s *Sandbox) getSnapshot(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, s.Snapshot())
}

func (s *Sandbox) putSnapshot(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxSnapshotBody))
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		controlError(w, http.StatusRequestEntityTooLarge, tooLarge.Error())
		return
	}
	if err != nil {
		controlError(w, http.StatusBadRequest, "the body ended early")
		return
	}
	if err := s.Restore(raw); err != nil {
		controlError(w, http.StatusBadRequest, err.Error())
		return
	}
	controlAnswer(w, http.StatusOK, struct{}{})
}
