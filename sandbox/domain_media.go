package sandbox

// registerMedia binds the operations of images and files.
func registerMedia(r *registry) {
	r.worldPart(imagesPart, func(w *world) part { return filesOf(w).part() })
	r.serve("GET "+imagePrefix+"{name}", serveImage)

	r.handle("product.UploadProductImage", uploadImage)
	r.handle("product.UploadProductFile", uploadFile)
	r.handle("product.OptimizeImages", optimizeImages)

	r.maxBody("product.UploadProductFile", maxUploadBody)

	r.limit("images", limit{code: 12038007}, "product.OptimizeImages")
}
