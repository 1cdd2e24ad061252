package sandbox

// newStandIn returns a shop of no world's list where a product can be built
// without being put on sale: it draws ids from a source of its own and has the
// names of the seller's own that are given, but neither products nor orders.
func newStandIn(w *world, as identity, owner string, r *region, source ids, customIDs map[string]string) *shop {
	s := &shop{identity: as, owner: owner, region: r, ids: source, world: w, deadlines: new(deadlines)}
	s.rooms.furnish(&products{byID: map[string]*product{}, idempotencyKeys: map[string]*product{}, customIDs: customIDs})
	return s
}
