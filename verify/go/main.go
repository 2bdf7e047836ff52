// Checks an exported ledger with Go's checksum-database code and nothing of the house's own.
//
//	go run . DIR
//
// DIR holds vkeys, checkpoint, checkpoint.old, consistency, N.tlog-proof with N.entry, tile/ and openings.jsonl.
// Every entry is replayed into the tree; nothing under tile/ is believed. Exit 0: all holds. Exit 1: the first
// problem is on standard error. Standard library apart from golang.org/x/mod/sumdb/{note,tlog}.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A witness signs time and text (C2SP tlog-cosignature, type 0x04), which package note does not know.
type witness struct {
	name string
	id   uint32
	key  ed25519.PublicKey
}

type keys struct {
	log       note.Verifier
	witnesses []witness
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: ledger DIR")
		os.Exit(2)
	}
	summary, err := check(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "REFUSED:", err)
		os.Exit(1)
	}
	fmt.Println(summary)
}

func check(dir string) (string, error) {
	known, err := readKeys(filepath.Join(dir, "vkeys"))
	if err != nil {
		return "", fmt.Errorf("vkeys: %w", err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return "", err
	}
	head, cosigned, err := known.open(data)
	if err != nil {
		return "", fmt.Errorf("checkpoint: %w", err)
	}
	if len(known.witnesses) > 0 && cosigned == 0 {
		return "", errors.New("checkpoint: no witness has signed")
	}
	if data, err = os.ReadFile(filepath.Join(dir, "checkpoint.old")); err != nil {
		return "", err
	}
	old, _, err := known.open(data)
	if err != nil {
		return "", fmt.Errorf("checkpoint.old: %w", err)
	}
	if err := checkConsistency(dir, old, head); err != nil {
		return "", fmt.Errorf("consistency: %w", err)
	}
	entries, hashes, err := replay(dir, head.N)
	if err != nil {
		return "", err
	}
	if err := sameRoot(head, hashes); err != nil {
		return "", fmt.Errorf("checkpoint: %w", err)
	}
	if err := sameRoot(old, hashes); err != nil {
		return "", fmt.Errorf("checkpoint.old: %w", err)
	}
	if err := checkTiles(dir, head.N, entries, hashes); err != nil {
		return "", err
	}
	proofs, err := checkProofs(dir, known, head.N, entries, hashes)
	if err != nil {
		return "", err
	}
	opened, err := checkOpenings(dir, entries)
	if err != nil {
		return "", fmt.Errorf("openings.jsonl: %w", err)
	}
	return fmt.Sprintf("ok %s size=%d old=%d witnesses=%d proofs=%d openings=%d",
		known.log.Name(), head.N, old.N, cosigned, proofs, opened), nil
}

func readKeys(path string) (keys, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return keys{}, err
	}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	log, err := note.NewVerifier(lines[0])
	if err != nil {
		return keys{}, err
	}
	known := keys{log: log}
	for _, line := range lines[1:] {
		parts := strings.SplitN(line, "+", 3)
		if len(parts) != 3 {
			return keys{}, errors.New("not a vkey: " + line)
		}
		raw, err := base64.StdEncoding.DecodeString(parts[2])
		if err != nil || len(raw) != 33 || raw[0] != 4 {
			return keys{}, errors.New("not a witness key: " + line)
		}
		sum := sha256.Sum256(append([]byte(parts[0]+"\n"), raw...))
		if hex.EncodeToString(sum[:4]) != parts[1] {
			return keys{}, errors.New("wrong key id: " + line)
		}
		known.witnesses = append(known.witnesses, witness{parts[0], binary.BigEndian.Uint32(sum[:4]), raw[1:]})
	}
	return known, nil
}

// open verifies a checkpoint and counts the known witnesses that cosigned it.
func (k keys) open(data []byte) (tlog.Tree, int, error) {
	signed, err := note.Open(data, note.VerifierList(k.log))
	if err != nil {
		return tlog.Tree{}, 0, err
	}
	lines := strings.SplitAfter(signed.Text, "\n")
	if len(lines) != 4 || lines[0] != k.log.Name()+"\n" {
		return tlog.Tree{}, 0, errors.New("not three lines of this log")
	}
	tree, err := tlog.ParseTree([]byte("go.sum database tree\n" + lines[1] + lines[2]))
	if err != nil {
		return tlog.Tree{}, 0, err
	}
	cosigned := 0
	for _, w := range k.witnesses {
		for _, s := range signed.UnverifiedSigs {
			if s.Name != w.name || s.Hash != w.id {
				continue
			}
			raw, err := base64.StdEncoding.DecodeString(s.Base64)
			if err != nil || len(raw) != 4+8+ed25519.SignatureSize {
				return tlog.Tree{}, 0, errors.New("malformed cosignature of " + w.name)
			}
			message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(raw[4:12]), signed.Text)
			if !ed25519.Verify(w.key, []byte(message), raw[12:]) {
				return tlog.Tree{}, 0, errors.New("bad cosignature of " + w.name)
			}
			cosigned++
			break
		}
	}
	return tree, cosigned, nil
}

func checkConsistency(dir string, old, head tlog.Tree) error {
	data, err := os.ReadFile(filepath.Join(dir, "consistency"))
	if err != nil {
		return err
	}
	path, err := parseHashes(string(data))
	if err != nil {
		return err
	}
	if old.N == 0 {
		if len(path) > 0 {
			return errors.New("a proof from the empty tree")
		}
		return nil
	}
	return tlog.CheckTree(path, head.N, head.Hash, old.N, old.Hash)
}

func parseHashes(text string) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if line == "" && text == "" {
			break
		}
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, hash)
	}
	return hashes, nil
}

func checkProofs(dir string, known keys, size int64, entries [][]byte, hashes stored) (int, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.tlog-proof"))
	if err != nil {
		return 0, err
	}
	sort.Strings(files)
	for _, file := range files {
		if err := checkProof(file, known, size, entries, hashes); err != nil {
			return 0, fmt.Errorf("%s: %w", filepath.Base(file), err)
		}
	}
	return len(files), nil
}

func checkProof(file string, known keys, size int64, entries [][]byte, hashes stored) error {
	stem := strings.TrimSuffix(file, ".tlog-proof")
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	entry, err := os.ReadFile(stem + ".entry")
	if err != nil {
		return err
	}
	top, checkpoint, cut := strings.Cut(string(data), "\n\n")
	lines := strings.Split(top, "\n")
	if !cut || lines[0] != "c2sp.org/tlog-proof@v1" {
		return errors.New("not a tlog-proof")
	}
	lines = lines[1:]
	if len(lines) > 0 && strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	if len(lines) == 0 || lines[0] != "index "+filepath.Base(stem) {
		return errors.New("the index is not that of the file's name")
	}
	index, err := strconv.ParseInt(filepath.Base(stem), 10, 64)
	if err != nil {
		return err
	}
	path, err := parseHashes(strings.Join(lines[1:], "\n"))
	if err != nil {
		return err
	}
	then, _, err := known.open([]byte(checkpoint))
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(path, then.N, then.Hash, index, tlog.RecordHash(entry)); err != nil {
		return err
	}
	if then.N > size {
		return errors.New("its checkpoint is newer than the export's")
	}
	if !bytes.Equal(entry, entries[index]) {
		return errors.New("another entry stands in the log")
	}
	return sameRoot(then, hashes)
}

// checkOpenings recomputes each published leaf. Lines are canonical JSON, so the payload's bytes are those that were hashed.
func checkOpenings(dir string, entries [][]byte) (int, error) {
	data, err := os.ReadFile(filepath.Join(dir, "openings.jsonl"))
	if err != nil {
		return 0, err
	}
	seen := map[int64]bool{}
	for _, line := range bytes.Split(bytes.TrimSuffix(data, []byte("\n")), []byte("\n")) {
		if len(line) == 0 {
			continue
		}
		var opening struct {
			Index   int64           `json:"index"`
			Salt    string          `json:"salt"`
			Payload json.RawMessage `json:"payload"`
		}
		if err := json.Unmarshal(line, &opening); err != nil {
			return 0, err
		}
		salt, err := hex.DecodeString(opening.Salt)
		if err != nil || len(salt) != 32 || opening.Index < 0 || opening.Index >= int64(len(entries)) || seen[opening.Index] {
			return 0, fmt.Errorf("cannot be read or repeats an index: %.60s", line)
		}
		seen[opening.Index] = true
		mac := hmac.New(sha256.New, salt)
		mac.Write(opening.Payload)
		if leaf := fmt.Sprintf(`{"o":"%x","v":1}`, mac.Sum(nil)); leaf != string(entries[opening.Index]) {
			return 0, fmt.Errorf("opening %d does not open its leaf", opening.Index)
		}
	}
	return len(seen), nil
}
