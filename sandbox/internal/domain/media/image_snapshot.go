package media

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// imagesPart holds the images: those with bytes in the order of their upload.
func imagesPart(w *world.World) keep.Part {
	type savedImage struct {
		URI       string `json:"uri"`
		Width     int    `json:"width"`
		Height    int    `json:"height"`
		MediaType string `json:"media_type,omitempty"`
		Data      []byte `json:"data,omitempty"`
	}
	type saved struct {
		Random    invent.Random     `json:"random"`
		Drawn     []savedImage      `json:"drawn"` // on demand
		Stored    []savedImage      `json:"stored"`
		Optimized map[string]string `json:"optimized,omitempty"`
	}
	load := func(s savedImage) *ImageInfo {
		return &ImageInfo{s.URI, s.Width, s.Height, s.MediaType, s.Data}
	}
	return keep.Part{Name: "images",
		Save: func() any {
			s := saved{Random: ImagesOf(w).Random, Drawn: []savedImage{}, Stored: []savedImage{}, Optimized: ImagesOf(w).optimized}
			for _, i := range ImagesOf(w).ByURI {
				if i.data == nil {
					s.Drawn = append(s.Drawn, savedImage{i.URI, i.Width, i.Height, i.mediaType, nil})
				}
			}
			slices.SortFunc(s.Drawn, func(a, b savedImage) int { return strings.Compare(a.URI, b.URI) })
			for _, i := range ImagesOf(w).stored {
				s.Stored = append(s.Stored, savedImage{i.URI, i.Width, i.Height, i.mediaType, i.data})
			}
			return s
		},
		Load: func(raw json.RawMessage) error {
			var s saved
			if err := keep.Decode(raw, &s); err != nil {
				return err
			}
			ImagesOf(w).Random, ImagesOf(w).ByURI = s.Random, map[string]*ImageInfo{}
			ImagesOf(w).stored, ImagesOf(w).size, ImagesOf(w).optimized = nil, 0, s.Optimized
			for _, i := range s.Drawn {
				ImagesOf(w).ByURI[i.URI] = load(i)
			}
			for _, i := range s.Stored {
				info := load(i)
				ImagesOf(w).ByURI[i.URI] = info
				ImagesOf(w).stored = append(ImagesOf(w).stored, info)
				ImagesOf(w).size += len(i.Data)
			}
			return nil
		}}
}
