namespace Assay.Catalogue;

/// <summary>Where a job stands.</summary>
public enum JobState
{
    /// <summary>Waits for a worker.</summary>
    Queued,

    /// <summary>A worker holds its lease; where the lease is over, the job waits for a worker again.</summary>
    Running,

    /// <summary>Finished.</summary>
    Done,

    /// <summary>Given up; <see cref="Job.Error"/> says why.</summary>
    Failed,

    /// <summary>Stopped on request.</summary>
    Cancelled,
}

/// <summary>A piece of work in the background.</summary>
public sealed class Job
{
    /// <summary>Number of the row.</summary>
    public long Id { get; set; }

    /// <summary>What is to be done, such as <c>study</c>; a word of the server's.</summary>
    public required string Kind { get; set; }

    /// <summary>Where it stands.</summary>
    public JobState State { get; set; }

    /// <summary>What was asked for (JSON).</summary>
    public required string Request { get; set; }

    /// <summary>The folder it works in; null where it has none yet.</summary>
    public string? Folder { get; set; }

    /// <summary>0 to 1.</summary>
    public double Progress { get; set; }

    /// <summary>What it is doing, in a few words.</summary>
    public string? Stage { get; set; }

    /// <summary>How often a worker has begun it.</summary>
    public int Attempt { get; set; }

    /// <summary>The worker that has it; null where none has.</summary>
    public string? LeasedBy { get; set; }

    /// <summary>Until when the worker has it, unless it says in time that it lives.</summary>
    public DateTimeOffset? LeasedUntil { get; set; }

    /// <summary>Its worker is to stop.</summary>
    public bool IsCancelRequested { get; set; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; set; }

    /// <summary>The run it made.</summary>
    public string? RunId { get; set; }

    /// <summary>Who asked for it.</summary>
    public required string By { get; set; }

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset Created { get; set; }

    /// <summary>When it was last begun.</summary>
    public DateTimeOffset? Started { get; set; }

    /// <summary>When it was done, failed or cancelled.</summary>
    public DateTimeOffset? Finished { get; set; }

    /// <summary>Counts the changes.</summary>
    public int Version { get; set; }
}

/// <summary>Where an upload stands.</summary>
public enum UploadState
{
    /// <summary>Received, not yet looked into.</summary>
    Received,

    /// <summary>May be used.</summary>
    Accepted,

    /// <summary>May not; <see cref="Upload.Says"/> says why.</summary>
    Refused,
}

/// <summary>A file that somebody uploaded.</summary>
public sealed class Upload
{
    /// <summary>Number of the row.</summary>
    public long Id { get; set; }

    /// <summary><c>model</c>, <c>data</c>, <c>dictionary</c> or <c>study</c>.</summary>
    public required string Kind { get; set; }

    /// <summary>The name it had where it came from; never a path on the server.</summary>
    public required string FileName { get; set; }

    /// <summary>Where the server keeps it.</summary>
    public required string Path { get; set; }

    /// <summary>SHA-256 of its content, hexadecimal.</summary>
    public required string Sha256 { get; set; }

    /// <summary>Its length.</summary>
    public long Bytes { get; set; }

    /// <summary>Where it stands.</summary>
    public UploadState State { get; set; }

    /// <summary>What the check said; null where it was not checked yet.</summary>
    public string? Says { get; set; }

    /// <summary>Who uploaded it.</summary>
    public required string By { get; set; }

    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>Counts the changes.</summary>
    public int Version { get; set; }
}
