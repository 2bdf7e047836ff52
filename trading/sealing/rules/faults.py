"""What can be wrong with an envelope, a ceremony or an opening: one code and one sentence each.

`Fault` is the house's 409 and carries the guard of the catalogue (`reason.rule`), so that a page can show the guard's
sentence and the precise finding beside it.
"""
from kernel.errors import Reason, Refused, Text

WHOLE, CONTEXT, PROOF, LOCK = "envelope_whole", "context_matches", "proof_good", "lock_fits"

FAULTS: dict[str, tuple[str, Text]] = {
    # the file as such
    "not_an_envelope": (WHOLE, Text("不是 TBID1 密封文件", "not a TBID1 envelope")),
    "truncated": (WHOLE, Text("密封文件被截短：缺少末尾内容", "the envelope is truncated: its end is missing")),
    "appended": (WHOLE, Text("密封文件末尾被追加了内容", "bytes are appended after the end of the envelope")),
    "length_lies": (WHOLE, Text("所载长度与内容不符", "a stated length does not agree with the content")),
    "padding_dirty": (WHOLE, Text("填充部分不全为零", "the padding is not all zeros")),
    "reordered": (WHOLE, Text("数据块次序被调换（第 {index} 块起）", "chunks are reordered (from chunk {index})")),
    "flipped": (WHOLE, Text("第 {index} 块内容被改动", "chunk {index} was altered")),
    "digest_differs": (WHOLE, Text("文件摘要与登记的不一致", "the digest is not the recorded one")),
    "source_changed": (WHOLE, Text("封装时源文件的大小发生变化", "the source changed its size while it was being sealed")),
    # the header
    "header_too_long": (WHOLE, Text("文件头过长", "the header is too long")),
    "header_not_canonical": (WHOLE, Text("文件头不是规范编码", "the header is not canonical JSON")),
    "header_invalid": (WHOLE, Text("文件头字段 {field} 不合格式", "header field {field} is missing, unknown or malformed")),
    "header_edited": (PROOF, Text(
        "文件头或承诺在封装后被改动，或会话公钥抄自另一密封文件",
        "the header or commitment was edited after sealing, or the ephemeral key is copied from another envelope",
    )),
    "proof_false": (PROOF, Text(
        "证明无效：文件头、承诺或长度被改动，或会话公钥抄自另一密封文件",
        "the proof fails: header, commitment or lengths were edited, or the ephemeral key is copied from another envelope",
    )),
    "point_bad": (PROOF, Text("公钥不在素数阶子群内", "the public key is not a point of the prime-order subgroup")),
    "point_repeated": (PROOF, Text("会话公钥与另一密封文件相同", "the ephemeral key already stands in another envelope")),
    "wrong_context": (CONTEXT, Text("文件头字段 {field} 与要求不符", "header field {field} names another context")),
    "lock_asked": (CONTEXT, Text("招标文件要求投标人锁，同一信封的各部分须用同一把锁封装", "the document asks for a bidder's lock, one for all parts of an envelope")),
    "lock_shared": (CONTEXT, Text("双信封的报价须用另一把锁封装", "of two envelopes the price has a lock of its own")),
    "lock_not_asked": (CONTEXT, Text("招标文件未要求投标人锁，文件却加了锁", "the document asks for no bidder's lock and the file carries one")),
    # the keys
    "key_unusable": (WHOLE, Text("公钥不可用", "the public key is unusable")),
    "file_key_unusable": (WHOLE, Text("文件密钥须为 32 字节", "a file key has 32 bytes")),
    "commitment": ("commitment_matches", Text("密钥与文件中的承诺不符", "the key does not match the commitment in the envelope")),
    "lock_missing": (LOCK, Text("此文件另有投标人锁，须提供锁密文", "the envelope carries a bidder's lock; its secret is missing")),
    "lock_wrong": (LOCK, Text("锁密文与文件头所载不符", "the lock secret is not the one named in the header")),
    "lock_unwanted": (LOCK, Text("此文件没有投标人锁", "the envelope carries no bidder's lock")),
    "sealed_rubbish": (WHOLE, Text("密封的报价不合格式：{what}", "sealed rubbish, the price form cannot be read: {what}")),
    # the ceremony
    "ceremony_malformed": ("custodians_enough", Text("仪式参数不合格式：{what}", "the ceremony's terms are malformed: {what}")),
    "not_a_custodian": ("custodian_named", Text("该身份密钥不在本次仪式中", "this identity key takes no part in the ceremony")),
    "reveal_malformed": (PROOF, Text("保管人 {index} 公布的内容不合格式", "what custodian {index} revealed is malformed")),
    "reveal_differs": ("matches_commitment", Text(
        "保管人 {index} 公布的内容与其先前承诺不符", "custodian {index} revealed something else than it committed to",
    )),
    "possession_false": (PROOF, Text("保管人 {index} 的持有证明无效", "custodian {index}'s proof of possession fails")),
    "share_wrong": (PROOF, Text(
        "保管人 {index} 分发的份额与其承诺不符", "the share dealt by custodian {index} does not fit its commitments",
    )),
    "transcript_malformed": ("transcript_agreed", Text("仪式记录不合格式：{what}", "the transcript is malformed: {what}")),
    "seed_differs": ("transcript_agreed", Text("种子与仪式记录不符", "the seed does not belong to this transcript")),
    # the opening
    "batch_malformed": ("dleq_good", Text("部分解密批次不合格式", "the batch of partials is malformed")),
    "too_few_partials": ("k_partials_good", Text("有效部分解密 {good} 份，需 {need} 份；证明无效的保管人：{blamed}",
                                                 "{good} good partials, {need} needed; custodians whose proof fails: {blamed}")),
}


class Fault(Refused):
    """A refusal of this format. `code` is stable and part of the public documentation; `text` is its sentence."""

    def __init__(self, code: str, **values: object) -> None:
        rule, sentence = FAULTS[code]
        self.code = code
        self.text = sentence.fill(**values)
        super().__init__(Reason(rule, found=self.text, values=values))

    def __str__(self) -> str:
        return f"{self.code}: {self.text.en} / {self.text.zh}"
