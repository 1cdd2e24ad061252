package trade

import "github.com/ttshop-go/ttshop/sandbox/internal/keep"

// Changed returns when the order was last changed, in Unix seconds.
func (o *Order) Changed() int64 { return o.UpdateTime }

// Changed returns when the package was last changed, in Unix seconds.
func (p *Parcel) Changed() int64 { return p.UpdateTime }

// Changed returns when the cancellation was last changed, in Unix seconds.
func (c *Cancellation) Changed() int64 { return c.UpdateTime }

// Changed returns when the return was last changed, in Unix seconds.
func (r *ReturnRequest) Changed() int64 { return r.UpdateTime }

// Past returns the order as it is now.
func (o *Order) Past() *Order { return &Order{OrderData: *keep.Copy(&o.OrderData), Number: o.Number} }

// Past returns the package as it is now.
func (p *Parcel) Past() *Parcel { return keep.Copy(p) }

// Past returns the cancellation as it is now.
func (c *Cancellation) Past() *Cancellation { return keep.Copy(c) }

// Past returns the return as it is now.
func (r *ReturnRequest) Past() *ReturnRequest { return keep.Copy(r) }
