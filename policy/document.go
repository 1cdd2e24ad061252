package policy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// Document is the keys as they are stored.
type Document struct {
	Version int   `json:"version"` // of this layout
	Keys    []Key `json:"keys"`
}

// documentVersion is the layout that this code writes.
const documentVersion = 1

// Parse reads a document. Fields that are not known are errors: a misspelt
// read_only must not open what it was to close. Nothing at all is a document
// without keys.
func Parse(data []byte) (*Document, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return &Document{Version: documentVersion}, nil
	}
	d := new(Document)
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(d); err != nil {
		return nil, fmt.Errorf("policy: read the keys: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("policy: read the keys: there is something behind them")
	}
	if d.Version != documentVersion {
		return nil, fmt.Errorf("policy: read the keys: version %d is not known, only %d", d.Version, documentVersion)
	}
	return d, nil
}

// Encode returns the document as [Parse] reads it.
func (d *Document) Encode() ([]byte, error) {
	data, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("policy: write the keys: %w", err)
	}
	return append(data, '\n'), nil
}

// Find returns the key with a name, or nil.
func (d *Document) Find(name string) *Key {
	for i := range d.Keys {
		if d.Keys[i].Name == name {
			return &d.Keys[i]
		}
	}
	return nil
}

// Store keeps a document. [File] is one; package sqlstore has one in the token
// store's database.
type Store interface {
	// Read returns the document and its version. Where the version is still known,
	// the document may be nil. Where nothing is stored, the version is empty.
	Read(ctx context.Context, known string) (data []byte, version string, err error)
	// Write stores a document in place of the one with a version, or where nothing
	// is stored if the version is empty. It reports false, and changes nothing, if
	// another version is stored.
	Write(ctx context.Context, version string, data []byte) (bool, error)
}

// Update changes the document of a store, again if somebody else changed it
// meanwhile. What makes no valid rules is not stored.
func Update(ctx context.Context, store Store, operations *Operations, change func(*Document) error) error {
	for {
		data, version, err := store.Read(ctx, "")
		if err != nil {
			return fmt.Errorf("policy: read the keys: %w", err)
		}
		d, err := Parse(data)
		if err != nil {
			return err
		}
		if err := change(d); err != nil {
			return err
		}
		if _, err := operations.NewRules(d.Keys); err != nil {
			return err
		}
		if data, err = d.Encode(); err != nil {
			return err
		}
		done, err := store.Write(ctx, version, data)
		if err != nil {
			return fmt.Errorf("policy: store the keys: %w", err)
		}
		if done {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("policy: store the keys: %w", err)
		}
	}
}

// Create adds a key, whose Credentials are made here, and returns its secrets.
// With a sealer, the client can also sign.
func (d *Document) Create(k Key, now time.Time, sealer Sealer) (Issued, error) {
	if old := d.Find(k.Name); old != nil {
		return Issued{}, fmt.Errorf("there is a key named %s already, which is %s", k.Name, old.State(now))
	}
	credential, issued, err := issue(now, sealer)
	if err != nil {
		return Issued{}, fmt.Errorf("key %s: %w", k.Name, err)
	}
	k.Created, k.Revoked, k.Credentials = stored(now), time.Time{}, []Credential{credential}
	if err := k.Validate(); err != nil {
		return Issued{}, err
	}
	d.Keys = append(d.Keys, k)
	return issued, nil
}

// Rotate gives a key new secrets. The former ones work until the overlap is over.
func (d *Document) Rotate(name string, overlap time.Duration, now time.Time, sealer Sealer) (Issued, error) {
	k := d.Find(name)
	if k == nil {
		return Issued{}, fmt.Errorf("there is no key named %s", name)
	}
	if state := k.State(now); state != "active" {
		return Issued{}, fmt.Errorf("key %s is %s; make a new one", name, state)
	}
	credential, issued, err := issue(now, sealer)
	if err != nil {
		return Issued{}, fmt.Errorf("key %s: %w", name, err)
	}
	kept := []Credential{credential}
	end := stored(now.Add(overlap))
	for _, old := range k.Credentials {
		if old.Until.IsZero() || end.Before(old.Until) {
			old.Until = end
		}
		if now.Before(old.Until) {
			kept = append(kept, old)
		}
	}
	k.Credentials = kept
	return issued, nil
}

// Revoke ends a key for good. Its name stays taken, so that audits stay clear.
func (d *Document) Revoke(name string, now time.Time) error {
	k := d.Find(name)
	if k == nil {
		return fmt.Errorf("there is no key named %s", name)
	}
	if k.Revoked.IsZero() {
		k.Revoked = stored(now)
	}
	return nil
}

// stored returns a time as documents have it.
func stored(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }
