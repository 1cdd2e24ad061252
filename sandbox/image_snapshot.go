package sandbox

import (
	"encoding/json"
	"slices"
	"strings"
)

// imagesPart holds the images: those with bytes in the order of their upload.
func imagesPart(w *world) part {
	type savedImage struct {
		URI       string `json:"uri"`
		Width     int    `json:"width"`
		Height    int    `json:"height"`
		MediaType string `json:"media_type,omitempty"`
		Data      []byte `json:"data,omitempty"`
	}
	type saved struct {
		Random    random            `json:"random"`
		Drawn     []savedImage      `json:"drawn"` // on demand
		Stored    []savedImage      `json:"stored"`
		Optimized map[string]string `json:"optimized,omitempty"`
	}
	load := func(s savedImage) *imageInfo {
		return &imageInfo{s.URI, s.Width, s.Height, s.MediaType, s.Data}
	}
	return part{"images",
		func() any {
			s := saved{Random: imagesOf(w).rng, Drawn: []savedImage{}, Stored: []savedImage{}, Optimized: imagesOf(w).optimized}
			for _, i := range imagesOf(w).byURI {
				if i.data == nil {
					s.Drawn = append(s.Drawn, savedImage{i.uri, i.width, i.height, i.mediaType, nil})
				}
			}
			slices.SortFunc(s.Drawn, func(a, b savedImage) int { return strings.Compare(a.URI, b.URI) })
			for _, i := range imagesOf(w).stored {
				s.Stored = append(s.Stored, savedImage{i.uri, i.width, i.height, i.mediaType, i.data})
			}
			return s
		},
		func(raw json.RawMessage) error {
			var s saved
			if err := unmarshal(raw, &s); err != nil {
				return err
			}
			imagesOf(w).rng, imagesOf(w).byURI = s.Random, map[string]*imageInfo{}
			imagesOf(w).stored, imagesOf(w).size, imagesOf(w).optimized = nil, 0, s.Optimized
			for _, i := range s.Drawn {
				imagesOf(w).byURI[i.URI] = load(i)
			}
			for _, i := range s.Stored {
				info := load(i)
				imagesOf(w).byURI[i.URI] = info
				imagesOf(w).stored = append(imagesOf(w).stored, info)
				imagesOf(w).size += len(i.Data)
			}
			return nil
		}}
}
