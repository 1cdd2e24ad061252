package control

import (
	"context"
	"time"
)

// Health is the state of the sandbox itself.
type Health struct {
	Status string    `json:"status"` // ok
	Seed   uint64    `json:"seed"`
	Now    time.Time `json:"now"`    // by the sandbox's clock
	Frozen bool      `json:"frozen"` // the clock stands still
}

// Health returns the state of the sandbox itself.
func (c *Client) Health(ctx context.Context) (Health, error) {
	return fetch[Health](ctx, c, "GET", "health", nil)
}

// Reset rebuilds the world from its seed. Clock, faults and rates are back to what
// they were at the start; the log is empty.
func (c *Client) Reset(ctx context.Context) error {
	return c.do(ctx, "POST", "reset", nil, nil)
}

// Reseed is [Client.Reset] with another seed. The keys of the apps stay.
func (c *Client) Reseed(ctx context.Context, seed uint64) error {
	return c.do(ctx, "POST", "reset", map[string]uint64{"seed": seed}, nil)
}

// Snapshot returns the whole state: JSON that [Client.Restore] takes.
func (c *Client) Snapshot(ctx context.Context) ([]byte, error) {
	return c.send(ctx, "GET", "snapshot", nil)
}

// Restore restores a state. A snapshot that cannot be read changes nothing.
func (c *Client) Restore(ctx context.Context, snapshot []byte) error {
	_, err := c.send(ctx, "PUT", "snapshot", snapshot)
	return err
}

// Clock is what the sandbox's clock shows.
type Clock struct {
	Now    int64 `json:"now"` // Unix seconds
	Frozen bool  `json:"frozen"`
}

// Advance moves the clock forward. Deadlines and retries on the way take effect.
func (c *Client) Advance(ctx context.Context, d time.Duration) (Clock, error) {
	return c.clock(ctx, map[string]any{"advance": d.String()})
}

// SetClock sets the clock to a time, in whole seconds.
func (c *Client) SetClock(ctx context.Context, t time.Time) (Clock, error) {
	return c.clock(ctx, map[string]any{"set": t.Unix()})
}

// Freeze stops the clock, or lets it run on from its current time.
func (c *Client) Freeze(ctx context.Context, on bool) (Clock, error) {
	return c.clock(ctx, map[string]any{"freeze": on})
}

func (c *Client) clock(ctx context.Context, change map[string]any) (Clock, error) {
	return fetch[Clock](ctx, c, "POST", "clock", change)
}
