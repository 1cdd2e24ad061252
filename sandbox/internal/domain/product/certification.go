package product

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/compliance"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// CertificationFileView is a file of a certificate with its links.
type CertificationFileView struct {
	media.CertificationFile
	URLs []string `json:"urls"`
}

// CertificationFiles shows the files of a certificate.
func CertificationFiles(c *gate.Call, list []media.CertificationFile) []CertificationFileView {
	views := []CertificationFileView{}
	for _, f := range list {
		view := CertificationFileView{f, []string{}}
		if info := media.FilesOf(c.State.World).Get(f.ID); info != nil {
			view.URLs = append(view.URLs, media.FileURL(c, info))
		}
		views = append(views, view)
	}
	return views
}

// checkCertifications refuses certificates whose images and files were not
// uploaded, and repeated ones.
func checkCertifications(c *gate.Call, list []media.Certification) *gate.Failure {
	for i, cert := range list {
		if slices.ContainsFunc(list[:i], func(other media.Certification) bool { return other.ID == cert.ID }) {
			return gate.Fail(codeCertificationTwice, "certification ", cert.ID, " occurs twice")
		}
		for _, ref := range cert.Images {
			if media.ImagesOf(c.State.World).Get(ref.URI) == nil {
				return gate.Fail(codeCertificationImage, "certification image ", ref.URI, " was not uploaded here")
			}
		}
		for _, f := range cert.Files {
			if info := media.OwnFile(c, f.ID); info == nil || info.IsVideo() {
				return gate.Fail(codeCertificationFile, "certification file ", f.ID, " is not a PDF that was uploaded here")
			}
		}
	}
	return nil
}

// checkSizeChart refuses charts and images that the seller does not have.
func checkSizeChart(c *gate.Call, in *compliance.SizeChart) *gate.Failure {
	if in == nil {
		return nil
	}
	if in.Image != nil && media.ImagesOf(c.State.World).Get(in.Image.URI) == nil {
		return gate.Fail(codeSizeChartImage, "size chart image ", in.Image.URI, " was not uploaded here")
	}
	if in.Template == nil {
		return nil
	}
	all := compliance.Of(c.State.World)
	all.Mu.RLock()
	defer all.Mu.RUnlock()
	if all.Sellers[c.Grant.OpenID].Chart(in.Template.ID) == nil {
		return gate.Fail(codeSizeChartUnknown, "the seller has no size chart ", in.Template.ID)
	}
	return nil
}
