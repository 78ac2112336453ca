package content

import (
	"strconv"
	"strings"
)

// wbxmlTag returns the name of a tag of a code page of ActiveSync.
func wbxmlTag(page, token byte) string {
	if int(page) < len(wbxmlPages()) {
		i := int(token) - wbxmlFirstTag
		for name := range strings.FieldsSeq(wbxmlPages()[page]) {
			if i == 0 && name != "-" {
				return name
			}
			i--
		}
	}
	return "UNKNOWN_TAG_" + strconv.FormatUint(uint64(page), 10) + "_" + strings.ToUpper(strconv.FormatUint(uint64(token), 16))
}

// wbxmlPages has the names of the tags of each code page from 0x05 on, "-"
// where there is none.
// Source: MS-ASWBXML, section 2.1.2.1; for protocol versions before 12.0 also
// those that later ones have not.
func wbxmlPages() [26]string {
	return [26]string{
		// AirSync
		0: `Sync Responses Add Change Delete Fetch SyncKey ClientId ServerId Status Collection Class Version CollectionId
			GetChanges MoreAvailable WindowSize Commands Options FilterType Truncation RtfTruncation Conflict Collections
			ApplicationData DeletesAsMoves NotifyGUID Supported SoftDelete MIMESupport MIMETruncation Wait Limit Partial
			ConversationMode MaxItems HeartbeatInterval`,
		// Contacts
		1: `Anniversary AssistantName AssistantPhoneNumber Birthday Body BodySize BodyTruncated Business2PhoneNumber
			BusinessAddressCity BusinessAddressCountry BusinessAddressPostalCode BusinessAddressState BusinessAddressStreet
			BusinessFaxNumber BusinessPhoneNumber CarPhoneNumber Categories Category Children Child CompanyName Department
			Email1Address Email2Address Email3Address FileAs FirstName Home2PhoneNumber HomeAddressCity HomeAddressCountry
			HomeAddressPostalCode HomeAddressState HomeAddressStreet HomeFaxNumber HomePhoneNumber JobTitle LastName
			MiddleName MobilePhoneNumber OfficeLocation OtherAddressCity OtherAddressCountry OtherAddressPostalCode
			OtherAddressState OtherAddressStreet PagerNumber RadioPhoneNumber Spouse Suffix Title WebPage YomiCompanyName
			YomiFirstName YomiLastName CompressedRTF Picture Alias WeightedRank`,
		// Email
		2: `Attachment Attachments AttName AttSize Att0Id AttMethod AttRemoved Body BodySize BodyTruncated DateReceived
			DisplayName DisplayTo Importance MessageClass Subject Read To Cc From ReplyTo AllDayEvent Categories Category
			DtStamp EndTime InstanceType BusyStatus Location MeetingRequest Organizer RecurrenceId Reminder
			ResponseRequested Recurrences Recurrence Type Until Occurrences Interval DayOfWeek DayOfMonth WeekOfMonth
			MonthOfYear StartTime Sensitivity TimeZone GlobalObjId ThreadTopic MIMEData MIMETruncated MIMESize InternetCPID
			Flag Status ContentClass FlagType CompleteTime DisallowNewTimeProposal`,
		// Calendar
		4: `Timezone AllDayEvent Attendees Attendee Email Name Body BodyTruncated BusyStatus Categories Category Rtf DtStamp
			EndTime Exception Exceptions Deleted ExceptionStartTime Location MeetingStatus OrganizerEmail OrganizerName
			Recurrence Type Until Occurrences Interval DayOfWeek DayOfMonth WeekOfMonth MonthOfYear Reminder Sensitivity
			Subject StartTime UID AttendeeStatus AttendeeType - - - - - - - - DisallowNewTimeProposal ResponseRequested
			AppointmentReplyTime ResponseType CalendarType IsLeapMonth FirstDayOfWeek OnlineMeetingConfLink
			OnlineMeetingExternalLink ClientUid`,
		// Move
		5: `MoveItems Move SrcMsgId SrcFldId DstFldId Response Status DstMsgId`,
		// GetItemEstimate
		6: `GetItemEstimate Version Collections Collection Class CollectionId DateTime Estimate Response Status`,
		// FolderHierarchy
		7: `Folders Folder DisplayName ServerId ParentId Type Response Status ContentClass Changes Add Delete Update SyncKey
			FolderCreate FolderDelete FolderUpdate FolderSync Count`,
		// MeetingResponse
		8: `CalendarId CollectionId MeetingResponse RequestId Request Result Status UserResponse Version InstanceId -
			ProposedStartTime ProposedEndTime SendResponse`,
		// Tasks
		9: `Body BodySize BodyTruncated Categories Category Complete DateCompleted DueDate UtcDueDate Importance Recurrence
			Type Start Until Occurrences Interval DayOfMonth DayOfWeek WeekOfMonth MonthOfYear Regenerate DeadOccur
			ReminderSet ReminderTime Sensitivity StartDate UtcStartDate Subject CompressedRTF OrdinalDate SubOrdinalDate
			CalendarType IsLeapMonth FirstDayOfWeek`,
		// ResolveRecipients
		10: `ResolveRecipients Response Status Type Recipient DisplayName EmailAddress Certificates Certificate
			MiniCertificate Options To CertificateRetrieval RecipientCount MaxCertificates MaxAmbiguousRecipients
			CertificateCount Availability StartTime EndTime MergedFreeBusy Picture MaxSize Data MaxPictures`,
		// ValidateCert
		11: `ValidateCert Certificates Certificate CertificateChain CheckCRL Status`,
		// Contacts2
		12: `CustomerId GovernmentId IMAddress IMAddress2 IMAddress3 ManagerName CompanyMainPhone AccountName NickName MMS`,
		// Ping
		13: `Ping AutdState Status HeartbeatInterval Folders Folder Id Class MaxFolders`,
		// Provision
		14: `Provision Policies Policy PolicyType PolicyKey Data Status RemoteWipe EASProvisionDoc DevicePasswordEnabled
			AlphanumericDevicePasswordRequired RequireStorageCardEncryption PasswordRecoveryEnabled DocumentBrowseEnabled
			AttachmentsEnabled MinDevicePasswordLength MaxInactivityTimeDeviceLock MaxDevicePasswordFailedAttempts
			MaxAttachmentSize AllowSimpleDevicePassword DevicePasswordExpiration DevicePasswordHistory AllowStorageCard
			AllowCamera RequireDeviceEncryption AllowUnsignedApplications AllowUnsignedInstallationPackages
			MinDevicePasswordComplexCharacters AllowWiFi AllowTextMessaging AllowPOPIMAPEmail AllowBluetooth AllowIrDA
			RequireManualSyncWhenRoaming AllowDesktopSync MaxCalendarAgeFilter AllowHTMLEmail MaxEmailAgeFilter
			MaxEmailBodyTruncationSize MaxEmailHTMLBodyTruncationSize RequireSignedSMIMEMessages
			RequireEncryptedSMIMEMessages RequireSignedSMIMEAlgorithm RequireEncryptionSMIMEAlgorithm
			AllowSMIMEEncryptionAlgorithmNegotiation AllowSMIMESoftCerts AllowBrowser AllowConsumerEmail AllowRemoteDesktop
			AllowInternetSharing UnapprovedInROMApplicationList ApplicationName ApprovedApplicationList Hash`,
		// Search
		15: `Search - Store Name Query Options Range Status Response Result Properties Total EqualTo Value And Or FreeText -
			DeepTraversal LongId RebuildResults LessThan GreaterThan - - UserName Password ConversationId Picture MaxSize
			MaxPictures`,
		// GAL
		16: `DisplayName Phone Office Title Company Alias FirstName LastName HomePhone MobilePhone EmailAddress Picture
			Status Data`,
		// AirSyncBase
		17: `BodyPreference Type TruncationSize AllOrNone - Body Data EstimatedDataSize Truncated Attachments Attachment
			DisplayName FileReference Method ContentId ContentLocation IsInline NativeBodyType ContentType Preview
			BodyPartPreference BodyPart Status Add Delete ClientId Content Location Annotation Street City State Country
			PostalCode Latitude Longitude Accuracy Altitude AltitudeAccuracy LocationUri InstanceId`,
		// Settings
		18: `Settings Status Get Set Oof OofState StartTime EndTime OofMessage AppliesToInternal AppliesToExternalKnown
			AppliesToExternalUnknown Enabled ReplyMessage BodyType DevicePassword Password DeviceInformation Model IMEI
			FriendlyName OS OSLanguage PhoneNumber UserInformation EmailAddresses SMTPAddress UserAgent EnableOutboundSMS
			MobileOperator PrimarySmtpAddress Accounts Account AccountId AccountName UserDisplayName SendDisabled -
			RightsManagementInformation`,
		// DocumentLibrary
		19: `LinkId DisplayName IsFolder CreationDate LastModifiedDate IsHidden ContentLength ContentType`,
		// ItemOperations
		20: `ItemOperations Fetch Store Options Range Total Properties Data Status Response Version Schema Part
			EmptyFolderContents DeleteSubFolders UserName Password Move DstFldId ConversationId MoveAlways`,
		// ComposeMail
		21: `SendMail SmartForward SmartReply SaveInSentItems ReplaceMime - Source FolderId ItemId LongId InstanceId Mime
			ClientId Status AccountId - Forwardees Forwardee ForwardeeName ForwardeeEmail`,
		// Email2
		22: `UmCallerID UmUserNotes UmAttDuration UmAttOrder ConversationId ConversationIndex LastVerbExecuted
			LastVerbExecutionTime ReceivedAsBcc Sender CalendarType IsLeapMonth AccountId FirstDayOfWeek MeetingMessageType -
			IsDraft Bcc Send`,
		// Notes
		23: `Subject MessageClass LastModifiedDate Categories Category`,
		// RightsManagement
		24: `RightsManagementSupport RightsManagementTemplates RightsManagementTemplate RightsManagementLicense EditAllowed
			ReplyAllowed ReplyAllAllowed ForwardAllowed ModifyRecipientsAllowed ExtractAllowed PrintAllowed ExportAllowed
			ProgrammaticAccessAllowed Owner ContentExpiryDate TemplateID TemplateName TemplateDescription ContentOwner
			RemoveRightsManagementProtection`,
		// Find
		25: `Find SearchId ExecuteSearch MailBoxSearchCriterion Query Status FreeText Options Range DeepTraversal - -
			Response Result Properties Preview HasAttachments Total DisplayCc DisplayBcc GALSearchCriterion - - - -
			- - MaxPictures MaxSize Picture`,
	}
}
