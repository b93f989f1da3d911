"""The actions of IAM that read data or credentials, or that pass for it: what no such role may do.

Sources: the categories DataAccess and CredentialExposure of the list "Sensitive IAM Actions"
(github.com/primeharbor/sensitive_iam_actions), as far as they read; cloudsplaining's
`READ_ONLY_DATA_EXFILTRATION_ACTIONS`; and what the Service Authorization Reference describes as
returning contents: messages, records, log events, results of queries, inputs and outputs of
executions, keys of objects, people in directories. Not among them are templates, task definitions
and environments, which count as configuration (DESIGN 2.1); of the first list that is
`cloudformation:GetTemplate`.
"""

from fnmatch import fnmatchcase

_LIST = """
appsync: GetDataSource GetFunction ListApiKeys
athena: GetQueryExecution GetQueryResults GetQueryResultsStream GetSession
bedrock-agentcore: GetEvent List*Memory* ListEvents
cassandra: Select
chatbot: DescribeSlackChannels DescribeSlackUserIdentities Get*Oauth*
chatbot: ListMicrosoftTeamsConfiguredTeams ListMicrosoftTeamsUserIdentities
chime: Get* ListAttendees ListMeetingEvents ListMeetings ListUsers
cleanrooms: GetProtectedQuery
cloudfront: GetFunction
cloudtrail: GetQueryResults LookupEvents StartQuery
codeartifact: GetAuthorizationToken GetPackageVersionAsset GetPackageVersionReadme
codeartifact: ReadFromRepository
codebuild: BatchGetReportGroups BatchGetReports
codecommit: BatchGetCommits BatchGetPullRequests Describe* Get* GitPull
codeguru-profiler: GetRecommendations
codeguru-reviewer: DescribeCodeReview DescribeRecommendationFeedback
codepipeline: GetJobDetails GetPipelineExecution GetThirdPartyJobDetails PollForJobs
cognito-identity: GetCredentialsForIdentity GetOpenIdToken* LookupDeveloperIdentity
cognito-idp: AdminGetDevice AdminGetUser AdminList* DescribeUserPoolClient GetDevice GetGroup
cognito-idp: GetUser ListDevices ListGroups ListUsers
cognito-sync: ListRecords QueryRecords
config: SelectAggregateResourceConfig SelectResourceConfig
connect: GetFederationToken ListSecurityKeys ListUsers
datapipeline: EvaluateExpression QueryObjects
dax: BatchGetItem GetItem Query Scan
dynamodb: BatchGetItem GetItem GetRecords PartiQLSelect Query Scan
ec2: GetConsole* GetPasswordData
ecr: BatchGetImage GetAuthorizationToken GetDownloadUrlForLayer
ecr-public: GetAuthorizationToken
es: ESHttp*
events: Describe*Connection
gamelift: GetComputeAuthToken GetGameSessionLogUrl GetInstanceAccess
glue: GetConnection* GetDataflowGraph GetStatement ListStatements
healthlake: ReadResource SearchWithGet SearchWithPost
identitystore: *
iot: GetThingShadow
iotsitewise: Get*
kendra: Query
kinesis: GetRecords SubscribeToShard
kinesisvideo: GetImages GetMedia
kms: Decrypt Generate*
lambda: GetFunction GetLayerVersion*
lightsail: DownloadDefaultKeyPair GetBucketAccessKeys GetContainerImages
lightsail: GetInstanceAccessDetails GetKeyPair* GetRelationalDatabaseMasterUserPassword
logs: FilterLogEvents GetLogEvents GetLogRecord GetQueryResults StartLiveTail StartQuery Unmask
macie2: GetFindings GetSensitiveDataOccurrences
mediastore: GetObject
qbusiness: List*
qldb: GetBlock
rds: DownloadCompleteDBLogFile DownloadDBLogFilePortion
rds-data: *
rds-db: connect
redshift: GetClusterCredentials*
redshift-data: *
redshift-serverless: GetCredentials
rekognition: ListFaces
robomaker: GetWorldTemplateBody
s3: GetDataAccess GetObject* ListBucket ListBucketMultipartUploads ListBucketVersions
s3: ListMultipartUploadParts
s3-object-lambda: GetObject GetObjectVersion ListBucket
s3express: *
s3vectors: GetVectors ListVectors QueryVectors
sagemaker: DescribeHumanLoop GetRecord Search
sdb: Select
secretsmanager: BatchGetSecretValue GetSecretValue
serverlessrepo: GetApplication GetCloudFormationTemplate
snowball: GetJobManifest GetJobUnlockCode
sqs: ReceiveMessage
ssm: GetCommandInvocation GetDocument GetParameter* ListCommand*
sso: SearchGroups SearchUsers
sso-directory: Describe* ListBearerTokens Search*
states: DescribeExecution GetActivityTask GetExecutionHistory
storagegateway: DescribeChapCredentials
sts: *
support: DescribeAttachment DescribeCases DescribeCommunications
waf: GetChangeToken GetSampledRequests
waf-regional: GetChangeToken GetSampledRequests
wafv2: GetSampledRequests
workdocs: GetDocument*
workmail: ListGroupMembers ListGroups ListUsers
xray: BatchGetTraces GetTraceSummaries
"""
READS_DATA: dict[str, list[str]] = {}
for _line in _LIST.strip().splitlines():
    _service, _, _names = _line.partition(": ")
    READS_DATA.setdefault(_service, []).extend(_names.split())
"""By service, patterns of actions."""


def reads_data(action: str) -> bool:
    """Whether an action of IAM reads data, in any case of its letters."""
    service, _, name = action.lower().partition(":")
    return any(fnmatchcase(name, one.lower()) for one in READS_DATA.get(service, ()))
