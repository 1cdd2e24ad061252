package connect

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Store keeps the document with the connections. Those of package policy do, and the
// documents of package sqlstore.
type Store interface {
	// Read returns the document and its version. Where nothing is stored, the
	// version is empty.
	Read(ctx context.Context, known string) (data []byte, version string, err error)
	// Write stores a document in place of the one with a version. It reports false,
	// and changes nothing, if another version is stored.
	Write(ctx context.Context, version string, data []byte) (bool, error)
}

// connections is what is known about which grants are connected to what.
type connections struct {
	Version int                    `json:"version"`
	Grants  map[string]*connection `json:"grants"` // by open id
}

// connection is a grant that is connected to applications.
type connection struct {
	UserType     int                 `json:"user_type"`
	Shops        []shop              `json:"shops,omitempty"`     // as they were last seen
	Withdrawn    map[string]unixTime `json:"withdrawn,omitempty"` // by id of the shop, or "" for all of the grant
	Applications map[string]*told    `json:"applications"`        // by name
}

// told is what an application was told about a grant: the marks of its last events.
type told struct {
	Connected unixTime            `json:"connected,omitzero"` // when the user had authorized
	Ending    string              `json:"ending,omitempty"`   // the end and how many days before it
	Lost      unixTime            `json:"lost,omitzero"`
	Withdrawn map[string]unixTime `json:"withdrawn,omitempty"`
}

// unixTime is a time in microseconds, as stores have it.
type unixTime int64

func at(t time.Time) unixTime {
	if t.IsZero() {
		return 0
	}
	return unixTime(t.UnixMicro())
}

const connectionsVersion = 1

// readConnections reads the document.
func readConnections(ctx context.Context, store Store) (*connections, string, error) {
	data, version, err := store.Read(ctx, "")
	if err != nil {
		return nil, "", fmt.Errorf("connect: read the connections: %w", err)
	}
	c := &connections{Version: connectionsVersion}
	if len(data) > 0 {
		if err := json.Unmarshal(data, c); err != nil {
			return nil, "", fmt.Errorf("connect: read the connections: %w", err)
		}
	}
	if c.Version != connectionsVersion {
		return nil, "", fmt.Errorf("connect: read the connections: version %d is not known, only %d", c.Version, connectionsVersion)
	}
	if c.Grants == nil {
		c.Grants = map[string]*connection{}
	}
	return c, version, nil
}

// changeConnections changes the document, again if somebody else changed it
// meanwhile. A change that reports false is not stored.
func changeConnections(ctx context.Context, store Store, change func(*connections) bool) error {
	for {
		c, version, err := readConnections(ctx, store)
		if err != nil {
			return err
		}
		if !change(c) {
			return nil
		}
		data, err := json.MarshalIndent(c, "", "  ")
		if err != nil {
			return fmt.Errorf("connect: store the connections: %w", err)
		}
		done, err := store.Write(ctx, version, append(data, '\n'))
		if err != nil {
			return fmt.Errorf("connect: store the connections: %w", err)
		}
		if done {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("connect: store the connections: %w", err)
		}
	}
}
