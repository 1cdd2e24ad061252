package sandbox

// registerLogin binds the operations of the shops and assets of a grant.
func registerLogin(r *registry) {
	r.handle("authorization.GetAuthorizedShops", getAuthorizedShops)
	r.handle("authorization.GetAuthorizedCategoryAssets", getCategoryAssets)
	r.handle("seller.GetActiveShops", getActiveShops)
	r.handle("seller.GetSellerPermissions", getSellerPermissions)
}
