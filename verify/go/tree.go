package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// tileHeight is that of C2SP tlog-tiles: 256 hashes a tile.
const tileHeight = 8

// stored keeps all hashes of the replayed tree in tlog's own order.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index < 0 || index >= int64(len(s)) {
			return nil, errors.New("beyond the replayed tree")
		}
		found[i] = s[index]
	}
	return found, nil
}

// replay reads every bundle and builds the tree from the entries alone.
func replay(dir string, size int64) (entries [][]byte, hashes stored, err error) {
	for n := int64(0); n<<tileHeight < size; n++ {
		width := size - n<<tileHeight
		if width > 1<<tileHeight {
			width = 1 << tileHeight
		}
		name := fileOf(tlog.Tile{H: tileHeight, L: -1, N: n, W: int(width)})
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, nil, err
		}
		for i := int64(0); i < width; i++ {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				return nil, nil, fmt.Errorf("%s: ends inside an entry", name)
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			fresh, err := tlog.StoredHashes(int64(len(entries)), data[2:end], hashes)
			if err != nil {
				return nil, nil, err
			}
			hashes, entries, data = append(hashes, fresh...), append(entries, data[2:end]), data[end:]
		}
		if len(data) > 0 {
			return nil, nil, fmt.Errorf("%s: more than %d entries", name, width)
		}
	}
	return entries, hashes, nil
}

// fileOf is the path in C2SP tlog-tiles, which leaves out the height and calls data entries.
func fileOf(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), "tile/8/")
	if tile.L == -1 {
		path = "entries" + strings.TrimPrefix(path, "data")
	}
	return "tile/" + path
}

func sameRoot(tree tlog.Tree, hashes stored) error {
	hash, err := rootAt(tree.N, hashes)
	if err == nil && hash != tree.Hash {
		err = fmt.Errorf("root %v is not that of the first %d entries", tree.Hash, tree.N)
	}
	return err
}

func rootAt(size int64, hashes stored) (tlog.Hash, error) {
	if size == 0 {
		return sha256.Sum256(nil), nil
	}
	return tlog.TreeHash(size, hashes)
}

// checkTiles compares each file under tile/ with the replay and wants every tile of the tree of this size.
func checkTiles(dir string, size int64, entries [][]byte, hashes stored) error {
	wanted := map[string]bool{}
	for level, count := 0, size; count > 0; level, count = level+1, count>>tileHeight {
		last, rest := count>>tileHeight, int(count&(1<<tileHeight-1))
		for n := int64(0); n < last; n++ {
			wanted[fileOf(tlog.Tile{H: tileHeight, L: level, N: n, W: 1 << tileHeight})] = true
		}
		if rest > 0 {
			wanted[fileOf(tlog.Tile{H: tileHeight, L: level, N: last, W: rest})] = true
		}
	}
	err := filepath.WalkDir(filepath.Join(dir, "tile"), func(path string, item fs.DirEntry, err error) error {
		if err != nil || item.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		delete(wanted, name)
		inGo := strings.Replace("tile/8/"+strings.TrimPrefix(name, "tile/"), "/entries/", "/data/", 1)
		tile, err := tlog.ParseTilePath(inGo)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var want []byte
		if tile.L == -1 {
			first := tile.N << tileHeight
			if first+int64(tile.W) > size {
				return fmt.Errorf("%s: beyond the checkpoint", name)
			}
			for _, entry := range entries[first : first+int64(tile.W)] {
				want = append(append(want, byte(len(entry)>>8), byte(len(entry))), entry...)
			}
		} else if want, err = tlog.ReadTileData(tile, hashes); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if !bytes.Equal(data, want) {
			return fmt.Errorf("%s: not what the entries give", name)
		}
		return nil
	})
	if os.IsNotExist(err) && size == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	for name := range wanted {
		return fmt.Errorf("%s: missing", name)
	}
	return nil
}
