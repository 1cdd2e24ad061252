package sandbox

// users returns everybody who can authorize apps: the seller who owns all
// shops of the Credentials, another seller with a shop, creators and a
// partner. The first of a kind is who a link without a choice means.
func users(w *world) []*user {
	first := &user{userSeller, w.seller.openID, w.seller.name, w.seller.region, nil, w.seller.assetCipher}
	second := &user{userSeller, w.neighbour.openID, w.neighbour.name, w.neighbour.region, nil, w.neighbour.assetCipher}
	for _, s := range w.shops {
		owner := first
		if s.owner == second.openID {
			owner = second
		}
		owner.shops = append(owner.shops, s)
	}
	rng := newRandom(w.seed, streamUsers)
	return []*user{
		first,
		second,
		{userType: userCreator, openID: w.seller.creatorOpenID, name: "sandbox.creator", region: "US"},
		{userType: userCreator, openID: rng.text(urlDigits, 36), name: "sandbox.creator.uk", region: "GB"},
		{userType: userPartner, openID: rng.text(urlDigits, 36), name: "Sandbox Partner Agency", region: "US", assetCipher: "TTP_" + rng.text(urlDigits, 28)},
	}
}
