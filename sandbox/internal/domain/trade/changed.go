package trade

// Changed returns when the order was last changed, in Unix seconds.
func (o *Order) Changed() int64 { return o.UpdateTime }

// Changed returns when the package was last changed, in Unix seconds.
func (p *Parcel) Changed() int64 { return p.UpdateTime }

// Changed returns when the cancellation was last changed, in Unix seconds.
func (c *Cancellation) Changed() int64 { return c.UpdateTime }

// Changed returns when the return was last changed, in Unix seconds.
func (r *ReturnRequest) Changed() int64 { return r.UpdateTime }
