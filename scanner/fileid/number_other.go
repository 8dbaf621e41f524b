//go:build !unix

package fileid

import "io/fs"

// Number has nothing to tell files apart by: their content is compared.
func Number(fs.FileInfo) (dev, inode uint64, ok bool) { return 0, 0, false }
