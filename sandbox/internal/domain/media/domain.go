// Package media has the images and files that sellers upload, and draws those that
// were invented.
package media

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Register binds the operations of images and files.
func Register(r *gate.Registry) {
	r.WorldPart(imagesPart, func(w *world.World) keep.Part { return FilesOf(w).part() })
	r.WorldCheck(checkWorld)
	r.ShopPart(translationsPart)
	r.ShopCheck(checkTranslations)
	r.Deadline(deadlineTranslation, translated)
	r.Serve("GET "+ImagePrefix+"{name}", serveImage)

	r.Handle("product.UploadProductImage", uploadImage)
	r.Handle("product.UploadProductFile", uploadFile)
	r.Handle("product.OptimizeImages", optimizeImages)
	r.Write("product.CreateImageTranslationTasks", createTranslations)
	r.Read("product.GetImageTranslationTasks", getTranslations)

	r.Limit("images", gate.Limit{Code: 12038007}, "product.OptimizeImages")
	r.Limit("translation_task_ids", gate.Limit{Code: codeTranslationCount}, "product.GetImageTranslationTasks")
	r.Limit("images.target_languages", gate.Limit{InOperation: true}, "product.CreateImageTranslationTasks")
	r.Limit("images.optimization_mode", gate.Limit{Listed: true}, "product.OptimizeImages")
}
