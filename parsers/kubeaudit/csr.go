package kubeaudit

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"

	"tideline/parsers/internal/jsonfields"
)

var (
	pathCSR    = jsonfields.Compile("spec.request")
	needleCSR  = newNeedle("spec.request")
	pathCN     = jsonfields.Compile("spec.commonName")
	needleCN   = newNeedle("spec.commonName")
	pathOrgs   = jsonfields.Compile("spec.subject.organizations")
	needleOrgs = newNeedle("spec.subject.organizations")
)

// subjects are the subjects of the certificates asked for (spec.request is
// base64 of PEM of a PKCS #10 request, RFC 2986). crypto/x509 is not used: it
// brings the network with it.
func (r *record) subjects() []pkix.Name {
	var out []pkix.Name
	if !r.is(slotResource, "certificatesigningrequests") && !r.is(slotResource, "certificaterequests") {
		return nil // every hit asks, few events are about a certificate
	}
	if r.seen |= twoBodies; r.lacks(needleCSR) {
		return nil
	}
	r.found = r.bodies(r.found[:0])
	for _, body := range r.found {
		for _, text := range body.Values(nil, pathCSR) {
			der, err := base64.StdEncoding.DecodeString(string(text))
			if err != nil {
				continue // no request: rules on spec.request still see the text
			}
			if block, _ := pem.Decode(der); block != nil {
				der = block.Bytes
			}
			if name, ok := subject(der); ok {
				out = append(out, name)
			}
		}
	}
	return out
}

func subject(der []byte) (pkix.Name, bool) {
	var request struct {
		Info struct {
			Raw        asn1.RawContent
			Version    int
			Subject    asn1.RawValue
			Key        asn1.RawValue
			Attributes asn1.RawValue `asn1:"optional"`
		}
		Algorithm asn1.RawValue
		Signature asn1.BitString
	}
	var names pkix.RDNSequence
	var name pkix.Name
	if _, err := asn1.Unmarshal(der, &request); err != nil {
		return name, false
	}
	if _, err := asn1.Unmarshal(request.Info.Subject.FullBytes, &names); err != nil {
		return name, false
	}
	name.FillFromRDNSequence(&names)
	return name, true
}

// spelledOut are the names that a Certificate of cert-manager asks for in words
// (cert-manager.io/docs/reference/api-docs, CertificateSpec).
func (r *record) spelledOut(dst [][]byte, n needle, p jsonfields.Path) [][]byte {
	if !r.is(slotResource, "certificates") {
		return dst
	}
	if r.seen |= twoBodies; r.lacks(n) {
		return dst
	}
	r.found = r.bodies(r.found[:0])
	for _, body := range r.found {
		dst = body.Values(dst, p)
	}
	return dst
}

// csrNames: the common names asked for, which become user names.
func (r *record) csrNames(dst [][]byte) [][]byte {
	for _, s := range r.subjects() {
		if s.CommonName != "" {
			dst = append(dst, []byte(s.CommonName))
		}
	}
	return r.spelledOut(dst, needleCN, pathCN)
}

// csrOrganisations: the organisations asked for, which become groups.
func (r *record) csrOrganisations(dst [][]byte) [][]byte {
	for _, s := range r.subjects() {
		for _, o := range s.Organization {
			dst = append(dst, []byte(o))
		}
	}
	return r.spelledOut(dst, needleOrgs, pathOrgs)
}
