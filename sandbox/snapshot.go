package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"
)

// snapshotFormat is the version of the layout of a snapshot.
const snapshotFormat = 1

// maxSnapshotBody bounds a snapshot that is restored. Uploaded images, which
// are kept up to maxImageBytes, make the most of it.
const maxSnapshotBody = 256 << 20

// part is a piece of the state that takes part in snapshots under a name. What
// save returns is encoded as JSON; load gets the same JSON and replaces the
// piece. Both are called while nothing else looks at the state.
type part struct {
	name string
	save func() any
	load func(raw json.RawMessage) error
}

// plain makes a part of a value that encoding/json reads and writes without
// loss: exported fields, no shared pointers. What is left out, indexes for
// instance, is rebuilt by restored.
func plain[T any](name string, v *T) part {
	return part{name, func() any { return v }, func(raw json.RawMessage) error {
		var fresh T
		if err := unmarshal(raw, &fresh); err != nil {
			return err
		}
		*v = fresh
		return nil
	}}
}

// unmarshal decodes JSON strictly and checks that nothing is missing in it that
// is followed without looking.
func unmarshal(raw []byte, v any) error {
	if err := decodeStrict(raw, v); err != nil {
		return err
	}
	return whole(reflect.ValueOf(v))
}

// decodeStrict decodes one JSON value: a field that is not known would be lost.
func decodeStrict(raw []byte, v any) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more follows after the JSON value")
	}
	return nil
}

// parts are the pieces of the world that its shops share.
func (w *world) parts() []part {
	return []part{
		w.sellersPart(),
		w.brandsPart(),
		w.imagesPart(),
		w.files.part(),
		w.registers.part(),
		w.globalsPart(),
		w.ownersPart(),
		w.webhooks.part(),
	}
}

// parts are the pieces of a shop.
func (s *shop) parts() []part {
	return []part{
		plain("shop", &s.Shop),
		plain("owner", &s.owner),
		plain("ids", &s.ids),
		plain("custom_ids", &s.customIDs),
		s.warehousesPart(),
		s.productsPart(),
		plain("category_upgrade", &s.upgradeEnds),
		s.ordersPart(),
		s.archivePart(),
		plain("trade", &s.trade),
		plain("promotions", &s.promotions),
		plain("desk", &s.desk),
		plain("affiliate", &s.affiliate),
	}
}

// restored rebuilds what follows from the parts of a shop.
func (s *shop) restored() {
	s.region = regionOf(s.Region)
	s.trade.index()
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
	s.gate.Lock()
	defer s.gate.Unlock()
	st := s.state.Load()
	// The document is put together by hand: its parts are megabytes, which
	// encoding/json would read once more.
	b := appendJSON([]byte(`{"format":`), snapshotFormat)
	b = appendJSON(append(b, `,"seed":`...), st.world.seed)
	b = appendJSON(append(b, `,"born":`...), st.born)
	b = appendJSON(append(b, `,"clock":`...), *s.clock.state.Load())
	b = appendJSON(append(b, `,"requests":`...), st.ids.count.Load())
	b = appendParts(append(b, `,"sandbox":`...), sandboxParts(st, &s.faults, &s.limiter))
	b = appendParts(append(b, `,"world":`...), st.world.parts())
	b = append(b, `,"shops":[`...)
	for i, shop := range st.world.shops {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendParts(b, shop.parts())
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
	s.deliverDue()
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
	s.gate.Lock()
	defer s.gate.Unlock()
	next := s.newState(given.Seed, given.Born)
	next.ids.count.Store(given.Requests)
	if len(given.Shops) != len(next.world.shops) {
		return fmt.Errorf("the snapshot has %d shops, not %d", len(given.Shops), len(next.world.shops))
	}
	// The shops come first: other parts refer to them.
	for i, shop := range next.world.shops {
		seeded := shop.Shop
		if err := loadParts(shop.parts(), given.Shops[i]); err != nil {
			return placed(fmt.Sprintf("shops[%d]", i), err)
		}
		if shop.ID != seeded.ID || shop.Region != seeded.Region {
			return placed(fmt.Sprintf("shops[%d].shop", i), fmt.Errorf("is %.40q in %.40q, the seed %d makes %q in %q", shop.ID, shop.Region, given.Seed, seeded.ID, seeded.Region))
		}
		shop.restored()
	}
	if err := loadParts(next.world.parts(), given.World); err != nil {
		return placed("world", err)
	}
	if err := next.world.check(); err != nil {
		return err
	}
	var f faults
	var l limiter
	if err := loadParts(sandboxParts(next, &f, &l), given.Sandbox); err != nil {
		return placed("sandbox", err)
	}
	s.faults.adopt(&f)
	s.limiter.reset(l.throttle)
	s.clock.restore(given.Clock)
	s.state.Store(next)
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
