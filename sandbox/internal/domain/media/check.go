package media

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// maxKeptPixels is the longest side that a header of an image can tell. Only
// images of products have closer limits.
const maxKeptPixels = math.MaxInt32

// checkWorld checks the images of a world that was read from a snapshot: their
// sizes, since they are drawn, and that optimized ones exist.
func checkWorld(w *world.World) error {
	all := ImagesOf(w)
	for _, uri := range slices.Sorted(maps.Keys(all.ByURI)) {
		if i := all.ByURI[uri]; i.Width < 1 || i.Height < 1 || i.Width > maxKeptPixels || i.Height > maxKeptPixels {
			return keep.Placed("images", fmt.Errorf("image %.60q has %d x %d pixels, want 1 x 1 to %d x %[4]d", uri, i.Width, i.Height, maxKeptPixels))
		}
	}
	for _, uri := range slices.Sorted(maps.Keys(all.optimized)) {
		if all.ByURI[all.optimized[uri]] == nil {
			return keep.Placed(fmt.Sprintf("images.optimized[%q]", uri), fmt.Errorf("there is no image %.60q", all.optimized[uri]))
		}
	}
	return nil
}
