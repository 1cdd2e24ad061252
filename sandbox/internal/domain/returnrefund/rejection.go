package returnrefund

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// rejection is the body of a refusal.
type rejection struct {
	Decision string `json:"decision"`
	Reason   string `json:"reject_reason"`
	Comment  string `json:"comment"`
	Images   []struct {
		ID       string `json:"image_id"`
		MIMEType string `json:"mime_type"`
		Width    int64  `json:"width"`
		Height   int64  `json:"height"`
	} `json:"images"`
}

func (in *rejection) validate() *gate.Failure {
	if in.Reason == "" {
		return gate.Missing("reject_reason")
	}
	for _, image := range in.Images {
		if image.ID == "" {
			return gate.Missing("images.image_id")
		}
	}
	return nil
}

// imageIDs returns the images of a refusal.
func (in *rejection) imageIDs() []string {
	var list []string
	for _, image := range in.Images {
		list = append(list, image.ID)
	}
	return list
}
