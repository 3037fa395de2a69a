/** What an audit finds, as plain data: the content of `audit.json`. Paths are relative to the folder, with `/`. */
import type { SkippedFile } from '../data/picture-file.ts';
import type { GroupCheck } from './check-name-groups.ts';
import type { QualityFlag } from './picture-quality.ts';

/** Which of the two folders a file lies in. */
export type AuditedSplit = 'training' | 'validation';

/** A picture that was read. */
export interface AuditedFile {
  readonly path: string;
  readonly className: string;
  /** SHA-256 of the file's content, in hexadecimal. */
  readonly sha256: string;
  /** Pictures of one group belong on one side of a split; null: a group of its own. */
  readonly group: string | null;
  readonly sizeBytes: number;
  /** Pixels, upright. */
  readonly width: number;
  readonly height: number;
  /** As `jpeg`, `png`, `tiff`. */
  readonly format: string;
  /** Such as `rgb`, `grayscale`, `rgba`; as `16-bit grayscale` where samples are deeper than 8 bits. */
  readonly mode: string;
  readonly pages: number;
  /** As the camera wrote them: `2024:05:17 09:30:00`, and maker and model. */
  readonly takenAt?: string;
  readonly camera?: string;
  readonly flags: readonly QualityFlag[];
  /** Variance of the Laplacian at 128 pixels. */
  readonly sharpness: number;
  /** Mean luma, 0…255, and its entropy in bits, 0…6. */
  readonly brightness: number;
  readonly entropy: number;
}

/** A file of either folder. */
export interface FileReference {
  readonly split: AuditedSplit;
  readonly path: string;
}

/** Files that belong together. */
export interface FileSet {
  readonly files: readonly FileReference[];
  /** Classes that they lie in: more than one is a conflict of labels. */
  readonly classNames: readonly string[];
  /** They lie in both folders: a leak. */
  readonly isLeak: boolean;
}

/** A value and how many files have it, the most frequent first. */
export interface Tally {
  readonly value: string;
  readonly count: number;
}

/** How groups were found. */
export interface GroupSummary {
  readonly source: 'file names' | 'pictures' | 'file names and pictures' | 'capture times' | 'none';
  /** The pattern of names that was followed. */
  readonly pattern: string | null;
  readonly perClass: boolean;
  /** 0…1. */
  readonly confidence: number;
  /** Groups among the training files, those of a single picture included. */
  readonly count: number;
  /** Pictures in groups of two or more. */
  readonly groupedFiles: number;
  /** One sentence on how sure this is and why. */
  readonly reason: string;
}

/** A pattern of file names, and what the pictures say of it. */
export interface NameProposal extends GroupCheck {
  readonly pattern: string;
  readonly perClass: boolean;
  readonly reason: string;
  readonly groupCount: number;
}

/** The whole audit. */
export interface AuditReport {
  readonly version: 1;
  readonly folder: string;
  readonly validationFolder: string | null;
  readonly classNames: readonly string[];
  readonly files: readonly AuditedFile[];
  readonly validationFiles: readonly AuditedFile[];
  readonly skipped: readonly (SkippedFile & { readonly split: AuditedSplit })[];
  readonly warnings: readonly string[];
  readonly classes: readonly { readonly name: string; readonly count: number; readonly validationCount: number }[];
  /** Pictures of the largest class to one of the smallest; null where a class is empty. */
  readonly imbalance: number | null;
  readonly sizes: readonly Tally[];
  readonly formats: readonly Tally[];
  readonly modes: readonly Tally[];
  readonly groups: GroupSummary;
  readonly nameProposals: readonly NameProposal[];
  /** Files of the same content. */
  readonly duplicates: readonly FileSet[];
  /** Copies by their pixels, exact ones included. */
  readonly copies: {
    readonly sets: readonly FileSet[];
    /** Correlation from which a pair counts as copies, and how sure the sets are, 0…1. */
    readonly threshold: number;
    readonly confidence: number;
    readonly doubtfulPairs: number;
  };
  /** Labels that are likely wrong, the likeliest first; null where no probabilities were given. */
  readonly labelIssues:
    | readonly {
        readonly path: string;
        readonly className: string;
        readonly suggested: string;
        readonly margin: number;
      }[]
    | null;
  /** Estimated share of wrong labels. */
  readonly labelNoise: number | null;
}
